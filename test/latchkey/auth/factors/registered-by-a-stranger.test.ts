import { afterAll, beforeAll, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { createTestCodes, giveCodes, WithSecondFactors } from '../../../builders/second-factors.js';
import { addTotp, type WithTotp } from '../../../builders/totp-accounts.js';
import { mailTo, tokenIn } from '../../../support/dev-mails.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

const OWNERS = 'seven green kites at noon';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({ EMAIL_VERIFICATION: 'optional' }, { module: WithSecondFactors });
  await createTestCodes(app.stores);
});
afterAll(() => app[Symbol.asyncDispose]());

/**
 * The address of somebody else, with an app and a factor of a feature that the stranger has added: before
 * the first factor took a proof by mail.
 */
async function takenAddress(): Promise<WithTotp> {
  const stranger = await addTotp(app, await signUp(app));
  await app.stores.query('UPDATE users SET email_verified = false WHERE id = $1', [
    stranger.userId,
  ]);
  await giveCodes(app.stores, stranger.userId, 'test_totp', '111111');
  return stranger;
}
const login = (email: string) =>
  app.api.post('/auth/login', { email, password: OWNERS, delivery: 'body' });
const factorsOf = (userId: string) =>
  app.stores.query('SELECT kind FROM factors WHERE user_id = $1', [userId]);

async function recover(email: string): Promise<void> {
  await app.api.post('/auth/recovery/request', { email });
  const token = tokenIn(await mailTo(app, email, 'recovery'));
  const proof = { token, newPassword: OWNERS };
  expect((await app.api.post('/auth/recovery/complete', proof)).status).toBe(204);
}

it('verifying the address in another browser takes the second factor that a stranger added', async () => {
  const { email, userId } = await takenAddress();
  const token = tokenIn(await mailTo(app, email, 'email-verification'));
  const proof = { token, newPassword: OWNERS };
  expect((await app.api.post('/auth/email-verification/confirm', proof)).status).toBe(204);
  expect(await factorsOf(userId)).toEqual([]);
  expect((await login(email)).status).toBe(200);
});

it('recovery takes it as well, as long as nobody has proved the address', async () => {
  const { email, userId } = await takenAddress();
  await recover(email);
  expect(await factorsOf(userId)).toEqual([]);
  expect((await login(email)).status).toBe(200);
});

it('recovery leaves the second factor of an address that has been proved', async () => {
  const { email, userId } = await takenAddress();
  await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [userId]);
  await recover(email);
  expect(await factorsOf(userId)).toHaveLength(2);
  expect(refusalOf(await login(email))).toEqual(refused(403, 'auth.second_factor_required'));
});
