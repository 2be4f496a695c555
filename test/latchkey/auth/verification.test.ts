import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signIn, uniqueEmail } from '../../builders/accounts.js';
import { cookieHeaderOf, cookiesOf } from '../../builders/browsers.js';
import type { Answer } from '../../support/api-client.js';
import { mailsHaveLeft, mailsTo, mailTo, tokenIn } from '../../support/dev-mails.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, TestApp } from '../../support/test-app.js';
import { eventsDuring } from '../audit/stored-events.js';

const OWNERS = 'seven green kites at noon';
const INVALID = refused(401, 'auth.proof_invalid');
const NEEDED = refused(403, 'auth.password_needed');
const UNVERIFIED = refused(403, 'auth.email_unverified');
const WRONG = refused(401, 'auth.invalid_credentials');

let app: Awaited<ReturnType<typeof startTestApp>>;
let optional: TestApp;
beforeAll(async () => {
  app = await startTestApp({ EMAIL_VERIFICATION: 'required' });
  optional = await besides({ EMAIL_VERIFICATION: 'optional' });
});
afterAll(async () => {
  await optional.stop();
  await app[Symbol.asyncDispose]();
});

/** Another instance, whose mails the first one sends and shows. */
const besides = (env: Record<string, string>) =>
  TestApp.start({ stores: app.stores, env: { ...env, OUTBOX_WORKER: 'off' } });

const register = (email: string, at: TestApp = app, password = PASSWORD) =>
  at.api.post('/auth/register', { email, password });
const request = (email: string, at: TestApp = app) =>
  at.api.post('/auth/email-verification/request', { email });
const confirm = (proof: object, cookie?: string) =>
  app.api.post('/auth/email-verification/confirm', proof, { cookie });
const login = (email: string, password = PASSWORD, cookie?: string) =>
  app.api.post('/auth/login', { email, password, delivery: 'body' }, { cookie });

/** Registers an address as a browser does; returns what the browser keeps and what the mail holds. */
async function registered(at: TestApp = app) {
  const email = uniqueEmail();
  const cookie = cookieHeaderOf(await register(email, at));
  const mail = await mailTo(app, email, 'email-verification');
  return { email, cookie, link: { token: tokenIn(mail) }, code: mail.code ?? '' };
}

/** What a caller can see of an answer, but for what differs between any two. */
function visible(answer: Answer) {
  const { requestId: _, ticket, ...body } = answer.body ?? {};
  const cookies = cookiesOf(answer).map(({ name, value, attributes }) => ({
    name,
    length: value.length,
    attributes,
  }));
  return { status: answer.status, body, ticket: typeof ticket, cookies };
}

describe('whoever registers', () => {
  it('gets a mail, whose link verifies the address in the same browser, once', async () => {
    const { email, cookie, link } = await registered();
    expect(refusalOf(await login(email))).toEqual(WRONG);
    const confirmed = await confirm(link, cookie);
    expect([confirmed.status, confirmed.text, cookiesOf(confirmed)]).toEqual([204, '', []]);
    expect(refusalOf(await confirm(link, cookie))).toEqual(INVALID);
    const { accessToken: token } = await signIn(app.api, email);
    expect((await app.api.get('/users/me', { token })).body.emailVerified).toBe(true);
  });

  it('verifies it by the code, with the ticket of who asks for it', async () => {
    const { email, cookie, code } = await registered();
    const { body } = await request(email);
    expect(body).toEqual({ ticket: expect.stringMatching(/^lkt_/), expiresIn: expect.any(Number) });
    expect(body.expiresIn).toBeGreaterThan(86_300);
    const spelt = code.toLowerCase().replace('-', ' ');
    expect((await confirm({ ticket: body.ticket, code: spelt }, cookie)).status).toBe(204);
    expect((await login(email)).status).toBe(200);
  });

  it('is told, in the browser that registered, why the password is refused, and how to go on', async () => {
    const { email, cookie } = await registered();
    expect(refusalOf(await login(email, PASSWORD, cookie))).toEqual(UNVERIFIED);
    expect(refusalOf(await login(email, `${PASSWORD}!`, cookie))).toEqual(WRONG);
    const elsewhere = await login(email);
    expect(refusalOf(elsewhere)).toEqual(WRONG);
    expect(elsewhere.body.detail).toContain('POST /auth/email-verification/request');
  });

  it('signs in before, where it is optional, and is verified without being signed out', async () => {
    const email = uniqueEmail();
    const answer = await register(email, optional);
    expect([answer.status, answer.body.user.emailVerified]).toEqual([201, false]);
    const { accessToken: token } = await signIn(optional.api, email);
    const link = { token: tokenIn(await mailTo(app, email, 'email-verification')) };
    expect((await confirm(link, cookieHeaderOf(answer))).status).toBe(204);
    expect((await optional.api.get('/users/me', { token })).body.emailVerified).toBe(true);
    expect(refusalOf(await register(email, optional))).toEqual(refused(409, 'users.email_taken'));
  });
});

describe('in another browser than the one that registered', () => {
  it('the password is asked for, or a new one; nothing is consumed or changed by that', async () => {
    const { email, link } = await registered();
    const other = await registered();
    for (const cookie of [undefined, '__Host-latchkey-registration=x.y', other.cookie])
      expect(refusalOf(await confirm(link, cookie))).toEqual(NEEDED);
    expect(refusalOf(await confirm({ ...link, password: OWNERS }))).toEqual(WRONG);
    expect(refusalOf(await confirm({ ...link, newPassword: 'short' }))).toEqual(
      invalid('newPassword'),
    );
    const both = { ...link, password: PASSWORD, newPassword: OWNERS };
    expect(refusalOf(await confirm(both))).toEqual(invalid('newPassword'));
    expect((await confirm({ ...link, password: PASSWORD })).status).toBe(204);
    expect((await login(email)).status).toBe(200);
  });

  it('a new password takes the place of the registered one, and a mail says so', async () => {
    const { email, link } = await registered();
    expect((await confirm({ ...link, newPassword: OWNERS })).status).toBe(204);
    expect((await login(email)).status).toBe(401);
    expect((await login(email, OWNERS)).status).toBe(200);
    await mailTo(app, email, 'password-changed');
  });

  it.each([
    ['password', PASSWORD],
    ['newPassword', OWNERS],
  ])('what was signed in before ends at once, by %s', async (field, value) => {
    const { email, link } = await registered(optional);
    const before = await signIn(optional.api, email);
    expect((await confirm({ ...link, [field]: value })).status).toBe(204);
    const me = await app.api.get('/auth/me', { token: before.accessToken });
    expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
    const { refreshToken } = before;
    expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
  });

  it('the cookie of the registration is worth nothing once the password is another one', async () => {
    const { email, cookie, link } = await registered();
    await app.stores.query(
      'UPDATE users SET password_version = password_version + 1 WHERE email = $1',
      [email],
    );
    expect(refusalOf(await confirm(link, cookie))).toEqual(NEEDED);
  });
});

describe('nobody is told which addresses are known', () => {
  it('by registering: the owner of a taken one is, by mail', async () => {
    const verified = await registered();
    await confirm(verified.link, verified.cookie);
    const unverified = await registered();
    const answers = [];
    for (const email of [uniqueEmail(), verified.email, unverified.email])
      answers.push(visible(await register(email)));
    expect(answers[0]).toMatchObject({ status: 202, body: {}, cookies: [expect.anything()] });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    await mailTo(app, verified.email, 'already-registered');
    await mailsHaveLeft(app);
    const purposes = (await mailsTo(app, unverified.email)).map(({ purpose }) => purpose);
    expect(purposes).toEqual(['email-verification', 'email-verification']);
  });

  it('by signing in with what they have just sent, with the cookie or without it', async () => {
    const verified = await registered();
    await confirm(verified.link, verified.cookie);
    const sent = `${PASSWORD} of a stranger`;
    for (const withCookie of [true, false]) {
      const answers = [];
      for (const email of [uniqueEmail(), verified.email]) {
        const cookie = cookieHeaderOf(await register(email, app, sent));
        answers.push(visible(await login(email, sent, withCookie ? cookie : undefined)));
      }
      expect(answers[0]?.status).toBe(withCookie ? 403 : 401);
      expect(answers[1]).toEqual(answers[0]);
    }
  });

  it('by asking for another mail: verified, disabled and unknown addresses get none', async () => {
    const verified = await registered();
    await confirm(verified.link, verified.cookie);
    const disabled = await registered();
    await app.stores.query(`UPDATE users SET status = 'disabled' WHERE email = $1`, [
      disabled.email,
    ]);
    const { email: unverified } = await registered();
    // Within its first minute asking again shows what is left of its life.
    await app.stores.query(
      `UPDATE one_time_secrets SET created_at = created_at - interval '61 seconds'`,
    );
    const unknown = uniqueEmail();
    const asked = [unverified, verified.email, disabled.email, unknown];
    const answers = [];
    for (const email of asked) answers.push(visible(await request(email)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    await mailsHaveLeft(app);
    const counts = await Promise.all(
      asked.map(async (email) => (await mailsTo(app, email)).length),
    );
    expect(counts).toEqual([2, 1, 1, 0]);
  });
});

it('who asked and who verified is on record', async () => {
  const { email, link } = await registered();
  const events = await eventsDuring(app.stores, async () => {
    await request(email);
    await request(uniqueEmail());
    await confirm({ ...link, newPassword: OWNERS });
  });
  const [{ id } = { id: '' }] = await app.stores.query<{ id: string }>(
    'SELECT id FROM users WHERE email = $1',
    [email],
  );
  expect(events.map(({ action, target_id: target, details }) => [action, target, details])).toEqual(
    [
      ['user.email_verification_requested', id, {}],
      ['user.email_verification_requested', null, {}],
      ['user.email_verified', id, { password: 'replaced' }],
    ],
  );
});

it('another site can neither register with a cookie, nor ask, nor confirm', async () => {
  const { email, link } = await registered();
  const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
  for (const [path, body] of [
    ['register', { email: uniqueEmail(), password: PASSWORD }],
    ['email-verification/request', { email }],
    ['email-verification/confirm', { ...link, newPassword: OWNERS }],
  ] as const) {
    const answer = await app.api.post(`/auth/${path}`, body, { headers });
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.cross_site'));
  }
});

it('is off by default: no mail, no cookie, and the routes say so', async () => {
  const off = await besides({});
  const email = uniqueEmail();
  const answer = await register(email, off);
  expect([answer.status, cookiesOf(answer)]).toEqual([201, []]);
  const refusedOff = refused(403, 'auth.email_verification_off');
  expect(refusalOf(await request(email, off))).toEqual(refusedOff);
  const confirmed = await off.api.post('/auth/email-verification/confirm', { token: 'x' });
  expect(refusalOf(confirmed)).toEqual(refusedOff);
  await mailsHaveLeft(app);
  expect(await mailsTo(app, email)).toEqual([]);
  await off.stop();
});
