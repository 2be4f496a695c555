import { describe, expect, it } from 'vitest';
import { signIn, signUp } from '../../builders/accounts.js';
import { createStores } from '../../support/stores.js';
import { TestApp } from '../../support/test-app.js';

const FORMER = 'the former secret of these tests, long enough 0123';
const LATTER = 'the latter secret of these tests, long enough 4567';

describe('after a change of APP_SECRETS', () => {
  it('the start is refused as long as only the former one can decrypt the keys', async () => {
    const stores = await createStores();
    await (await TestApp.start({ stores, env: { APP_SECRETS: FORMER } })).stop();
    const without = TestApp.start({ stores, env: { APP_SECRETS: LATTER } });
    await expect(without).rejects.toThrow(/^The signing key .* APP_SECRETS does not hold: add/);
    await stores.drop();
  });

  it('tokens go on while the former secret is listed, and access tokens also without it', async () => {
    const stores = await createStores();
    const before = await TestApp.start({ stores, env: { APP_SECRETS: FORMER } });
    const session = await signUp(before);
    await before.stop();

    const both = await TestApp.start({ stores, env: { APP_SECRETS: `${LATTER},${FORMER}` } });
    const me = await both.api.get('/auth/me', { token: session.accessToken });
    expect([me.status, me.body.userId]).toEqual([200, session.userId]);
    const { refreshToken } = session;
    expect((await both.api.post('/auth/refresh', { refreshToken })).status).toBe(200);
    expect((await signIn(both.api, session.email)).userId).toBe(session.userId);
    await both.stop();

    // The keys have been encrypted with the latter: the former is needed for refresh tokens only.
    const without = await TestApp.start({ stores, env: { APP_SECRETS: LATTER } });
    expect((await without.api.get('/auth/me', { token: session.accessToken })).status).toBe(200);
    expect((await signIn(without.api, session.email)).userId).toBe(session.userId);
    await without.stop();
    await stores.drop();
  });
});
