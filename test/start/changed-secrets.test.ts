import { describe, expect, it } from '@jest/globals';
import { signIn, signUp } from '../builders/accounts.js';
import { createStores } from '../support/stores.js';
import { TestApp } from '../support/test-app.js';

const FORMER = 'the former secret of these tests, long enough 0123';
const LATTER = 'the latter secret of these tests, long enough 4567';

describe('after a change of APP_SECRETS', () => {
  it('tokens of the former secret go on while it is listed; without it the start is refused', async () => {
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

    const without = TestApp.start({ stores, env: { APP_SECRETS: LATTER } });
    await expect(without).rejects.toThrow(/^The signing key .* APP_SECRETS does not hold: add/);
    await stores.drop();
  });
});
