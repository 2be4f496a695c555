import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, uniqueEmail } from '../../builders/accounts.js';
import { cookieHeaderOf } from '../../builders/browsers.js';
import { mailTo, tokenIn } from '../../support/dev-mails.js';
import { startTestApp, TestApp } from '../../support/test-app.js';

/** Of whoever registered the address first: its owner, or somebody else. */
const REGISTERED = 'a password that was registered';
const OWNERS = 'seven green kites at noon';

/** In whose hands an account is once the mailbox has been proved. */
interface Holding {
  readonly answer: string;
  readonly registeredPassword: boolean;
  readonly sessionFromBefore: boolean;
  readonly ownersPassword: boolean;
  readonly verified: boolean;
}

const UNCHANGED = {
  registeredPassword: true,
  sessionFromBefore: true,
  ownersPassword: false,
  verified: false,
};
const KEPT: Holding = { ...UNCHANGED, answer: '204', verified: true };
const REPLACED: Holding = {
  answer: '204',
  registeredPassword: false,
  sessionFromBefore: false,
  ownersPassword: true,
  verified: true,
};
const ASKED: Holding = { ...UNCHANGED, answer: '403 auth.password_needed' };
const WRONG: Holding = { ...UNCHANGED, answer: '401 auth.invalid_credentials' };
/** Nobody but who reads the mail gets in. */
const CLEARED: Holding = { ...REPLACED, answer: '200', ownersPassword: false };

let app: Awaited<ReturnType<typeof startTestApp>>;
let silent: TestApp;
beforeAll(async () => {
  // People sign in before they verify; and what is taken is told to nobody by the other instance.
  app = await startTestApp({ EMAIL_VERIFICATION: 'optional', EMAIL_SIGN_IN: 'on' });
  const env = { EMAIL_VERIFICATION: 'required', OUTBOX_WORKER: 'off' };
  silent = await TestApp.start({ stores: app.stores, env });
});
afterAll(async () => {
  await silent.stop();
  await app[Symbol.asyncDispose]();
});

const register = (at: TestApp, email: string, password: string) =>
  at.api.post('/auth/register', { email, password });

/** What the browser that reads the mail keeps from before. */
const BROWSERS = {
  'the browser that registered': async (_: string, registering: string) => registering,
  'another browser': async () => '',
  'another browser, which was refused the same address': async (email: string) =>
    cookieHeaderOf(await register(silent, email, OWNERS)),
} as const;

async function mailed(path: string, purpose: string, email: string) {
  const answer = await app.api.post(`/auth/${path}/request`, { email });
  const token = tokenIn(await mailTo(app, email, purpose));
  return { token, ticket: answer.body.ticket, cookie: cookieHeaderOf(answer) };
}

async function verify(email: string, cookie: string, more: object) {
  const { token } = await mailed('email-verification', 'email-verification', email);
  return app.api.post('/auth/email-verification/confirm', { token, ...more }, { cookie });
}

const WAYS = {
  'the mail of verification': (email: string, cookie: string) => verify(email, cookie, {}),
  'verification, with the registered password': (email: string, cookie: string) =>
    verify(email, cookie, { password: REGISTERED }),
  'verification, with a wrong password': (email: string, cookie: string) =>
    verify(email, cookie, { password: OWNERS }),
  'verification, with a new password': (email: string, cookie: string) =>
    verify(email, cookie, { newPassword: OWNERS }),
  recovery: async (email: string, cookie: string) => {
    const { token } = await mailed('recovery', 'recovery', email);
    const body = { token, newPassword: OWNERS };
    return app.api.post('/auth/recovery/complete', body, { cookie });
  },
  'sign-in by mail': async (email: string, kept: string) => {
    const { token, cookie } = await mailed('email-sign-in', 'email-sign-in', email);
    const cookies = [kept, cookie].filter((one) => one !== '').join('; ');
    const body = { token, delivery: 'body' };
    return app.api.post('/auth/email-sign-in/complete', body, { cookie: cookies });
  },
} as const;

type Browser = keyof typeof BROWSERS;
type Way = keyof typeof WAYS;

function expected(browser: Browser, way: Way): Holding {
  const isSame = browser === 'the browser that registered';
  switch (way) {
    case 'the mail of verification':
      return isSame ? KEPT : ASKED;
    case 'verification, with the registered password':
      return { ...KEPT, sessionFromBefore: false };
    case 'verification, with a wrong password':
      return WRONG;
    case 'sign-in by mail':
      return isSame ? { ...KEPT, answer: '200' } : CLEARED;
    default:
      return REPLACED;
  }
}

describe.each(Object.keys(BROWSERS) as Browser[])('whoever reads the mail, in %s', (browser) => {
  it.each(Object.keys(WAYS) as Way[])('by %s', async (way) => {
    const email = uniqueEmail();
    const registered = await register(app, email, REGISTERED);
    const before = await signIn(app.api, email, REGISTERED);
    const kept = await BROWSERS[browser](email, cookieHeaderOf(registered));
    const { status, body } = await WAYS[way](email, kept);
    const signsIn = async (password: string) =>
      (await app.api.post('/auth/login', { email, password, delivery: 'body' })).status === 200;
    const [row] = await app.stores.query<{ verified: boolean }>(
      'SELECT email_verified AS verified FROM users WHERE email = $1',
      [email],
    );
    const me = await app.api.get('/auth/me', { token: before.accessToken });
    expect({
      answer: [status, body?.code].filter(Boolean).join(' '),
      registeredPassword: await signsIn(REGISTERED),
      sessionFromBefore: me.status === 200,
      ownersPassword: await signsIn(OWNERS),
      verified: row?.verified,
    }).toEqual(expected(browser, way));
  });
});
