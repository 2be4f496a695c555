import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { headersOf } from '../../../builders/places.js';
import { mailTo, tokenIn } from '../../../support/dev-mails.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';
import { somewhere, THROTTLED } from './guesses.js';

const QUOTA = 7;
const TOO_MANY = refused(429, 'throttle.too_many_requests');

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({
    ...THROTTLED,
    EMAIL_VERIFICATION: 'optional',
    EMAIL_SIGN_IN: 'on',
    THROTTLE_ADDRESS_MAIL_PROOFS: String(QUOTA),
    THROTTLE_USER_EMAIL_CHANGES: '2',
  });
});
afterAll(() => app[Symbol.asyncDispose]());

/** Whatever takes a proof from somebody who is not signed in. */
const ROUTES: Readonly<Record<string, object>> = {
  'recovery/complete': { newPassword: PASSWORD },
  'email-verification/confirm': {},
  'email-sign-in/complete': {},
  'invitation/accept': { newPassword: PASSWORD },
  'email-change/confirm': {},
  'email-change/undo': {},
  'sessions/end-all': {},
};

const show = (route: string, ip: string, token = 'lko_wrong') =>
  app.api.post(`/auth/${route}`, { token, ...ROUTES[route] }, { headers: headersOf({ ip }) });

it('an address shows so many proofs of mails, over all routes together; another address is not held up', async () => {
  const ip = somewhere();
  const { email } = await signUp(app);
  await app.api.post('/auth/recovery/request', { email });
  const right = tokenIn(await mailTo(app, email, 'recovery'));
  for (const route of Object.keys(ROUTES))
    expect(refusalOf(await show(route, ip))).toEqual(refused(401, 'auth.proof_invalid'));
  for (const route of Object.keys(ROUTES))
    expect(refusalOf(await show(route, ip, right))).toEqual(TOO_MANY);
  expect((await show('recovery/complete', somewhere(), right)).status).toBe(204);
});

it('an account asks for another address so often, from wherever', async () => {
  const { accessToken: token } = await signUp(app);
  const statuses: number[] = [];
  for (let asked = 0; asked < 3; asked++) {
    const headers = headersOf({ ip: somewhere() });
    const body = { newEmail: uniqueEmail() };
    const answer = await app.api.post('/auth/email-change/request', body, { token, headers });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([202, 202, 429]);
});
