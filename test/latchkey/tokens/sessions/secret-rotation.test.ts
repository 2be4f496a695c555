import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { age, countThefts, refresh, rotate } from '../../../builders/sessions.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';

const OLD = 'the old secret of these tests 0123456789 abcdef';
const NEW = 'the new secret of these tests 9876543210 fedcba';
const AFTER_THE_GRACE_SECONDS = 30;

describe('while APP_SECRETS is being rotated', () => {
  let stores: Stores;
  /** One instance still has the old secret alone; another one signs with the new one. */
  let before: TestApp;
  let after: TestApp;
  beforeAll(async () => {
    stores = await createStores();
    before = await TestApp.start({ stores, env: { APP_SECRETS: OLD } });
    after = await TestApp.start({ stores, env: { APP_SECRETS: `${NEW},${OLD}` } });
  });
  afterAll(async () => {
    await Promise.all([before.stop(), after.stop()]);
    await stores.drop();
  });

  it('refresh tokens made with the old secret go on working', async () => {
    const { refreshToken } = await signUp(before);

    const [renewed = ''] = await rotate(after.api, refreshToken, 1);

    expect(await rotate(after.api, renewed, 3)).toHaveLength(3);
  });

  it('the first secret signs: who has the old one alone does not know the new tokens', async () => {
    const { refreshToken } = await signUp(before);
    const [renewed = ''] = await rotate(after.api, refreshToken, 1);

    expect(await refresh(before.api, renewed)).toMatchObject({
      status: 401,
      body: { code: 'auth.refresh_invalid' },
    });
    expect((await refresh(after.api, renewed)).status).toBe(200);
  });

  it('a retry with a token of the old secret is tolerated, and gets the current token', async () => {
    const { refreshToken } = await signUp(before);
    const [renewed] = await rotate(after.api, refreshToken, 1);

    expect((await refresh(after.api, refreshToken)).body.refreshToken).toBe(renewed);
  });

  it('reuse of a token of the old secret is still recognised', async () => {
    const { refreshToken, sessionId } = await signUp(before);
    await rotate(after.api, refreshToken, 2);
    await age(stores, sessionId, AFTER_THE_GRACE_SECONDS);

    expect((await refresh(after.api, refreshToken)).body.code).toBe('auth.refresh_reused');
    expect(await countThefts(stores, sessionId)).toBe(1);
  });
});
