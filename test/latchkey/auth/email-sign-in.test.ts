import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp, uniqueEmail } from '../../builders/accounts.js';
import { COOKIE, cookieHeaderOf, cookiesOf } from '../../builders/browsers.js';
import { mailsHaveLeft, mailsTo, mailTo, tokenIn } from '../../support/dev-mails.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, TestApp } from '../../support/test-app.js';

const INVALID = refused(401, 'auth.proof_invalid');
const TICKET_COOKIE = `${COOKIE}-email-sign-in`;

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({ EMAIL_SIGN_IN: 'on' });
});
afterAll(() => app[Symbol.asyncDispose]());

const ask = (email: string, headers: Record<string, string> = {}) =>
  app.api.post('/auth/email-sign-in/request', { email }, { headers });
const complete = (proof: object, cookie?: string) =>
  app.api.post('/auth/email-sign-in/complete', { delivery: 'body', ...proof }, { cookie });

async function asked() {
  const { email, userId } = await signUp(app);
  const answer = await ask(email);
  const mail = await mailTo(app, email, 'email-sign-in');
  const { ticket } = answer.body;
  return { email, userId, ticket, token: tokenIn(mail), code: mail.code ?? '', answer };
}

describe('whoever reads the mail', () => {
  it('has used nothing up and proved nothing where no session could begin', async () => {
    const { ticket, code, userId } = await asked();
    const isProved = async () => {
      const [row] = await app.stores.query<{ proved: boolean }>(
        'SELECT email_verified AS proved FROM users WHERE id = $1',
        [userId],
      );
      return row?.proved;
    };
    await app.stores.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no session today'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION refuse()`);
    expect((await complete({ ticket, code })).status).toBe(500);
    expect(await isProved()).toBe(false);
    await app.stores.query('DROP TRIGGER refuse ON sessions; DROP FUNCTION refuse()');
    expect((await complete({ ticket, code })).status).toBe(200);
    expect(await isProved()).toBe(true);
  });

  it('signs in by its code, in the client that asked, once', async () => {
    const { email, ticket, code, token } = await asked();
    const { status, body } = await complete({ ticket, code });
    expect([status, body.user.email, body.user.emailVerified]).toEqual([200, email, true]);
    expect(decodeJwt(body.accessToken)).toMatchObject({ amr: ['otp'], acr: 'aal1' });
    for (const proof of [
      { ticket, code },
      { ticket, token },
    ])
      expect(refusalOf(await complete(proof))).toEqual(INVALID);
  });

  it('signs in by its link, in the browser that asked, by cookie', async () => {
    const { token, answer } = await asked();
    expect(cookiesOf(answer)).toEqual([
      {
        name: TICKET_COOKIE,
        value: expect.stringMatching(/^lkt_/),
        attributes: ['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Strict', 'Secure'],
      },
    ]);
    const completed = await complete({ token, delivery: 'cookie' }, cookieHeaderOf(answer));
    expect(completed.status).toBe(200);
    const set = new Map(cookiesOf(completed).map(({ name, value }) => [name, value]));
    expect(set.get(COOKIE)).not.toBe('');
    expect(set.get(TICKET_COOKIE)).toBe('');
  });
});

describe('what the mail holds is worth nothing', () => {
  it('to another client than the one that asked, which a link alone would let in', async () => {
    const { token, code, ticket } = await asked();
    const other = await asked();
    for (const cookie of [undefined, `${TICKET_COOKIE}=${other.ticket}`, `${TICKET_COOKIE}=x`])
      expect(refusalOf(await complete({ token }, cookie))).toEqual(INVALID);
    for (const proof of [
      { token, ticket: other.ticket },
      { token, ticket: token },
      { ticket: other.ticket, code },
    ])
      expect(refusalOf(await complete(proof))).toEqual(INVALID);
    expect((await complete({ token, ticket })).status).toBe(200);
  });

  it('to a page of another site, which can neither ask nor finish', async () => {
    const { email, ticket, code } = await asked();
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    const crossSite = refused(403, 'auth.cross_site');
    expect(refusalOf(await ask(email, headers))).toEqual(crossSite);
    const body = { ticket, code, delivery: 'body' };
    const completed = await app.api.post('/auth/email-sign-in/complete', body, { headers });
    expect(refusalOf(completed)).toEqual(crossSite);
    expect((await complete({ ticket, code })).status).toBe(200);
  });

  it.each([
    ['disabled', `UPDATE users SET status = 'disabled' WHERE id = $1`],
    ['given another password', 'UPDATE users SET password_version = 2 WHERE id = $1'],
    ['deleted', 'DELETE FROM users WHERE id = $1'],
  ])('once the account has been %s', async (_, change) => {
    const { userId, ticket, code, token } = await asked();
    await app.stores.query(change, [userId]);
    for (const proof of [
      { ticket, code },
      { ticket, token },
    ])
      expect(refusalOf(await complete(proof))).toEqual(INVALID);
  });

  it('of fifty at once to all but one', async () => {
    const { userId, ticket, code } = await asked();
    // The address has been proved: the session and the end of the proof are one transaction.
    await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [userId]);
    const answers = await Promise.all(Array.from({ length: 50 }, () => complete({ ticket, code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const [{ count } = { count: 0 }] = await app.stores.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM sessions WHERE user_id = $1',
      [userId],
    );
    // Besides that of signing up.
    expect(count).toBe(2);
  });
});

it('what is shown in vain is on record, for the account that its ticket or link is of', async () => {
  const { userId, ticket, token, code } = await asked();
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
  await complete({ ticket, code: wrong });
  await complete({ token });
  expect((await complete({ token, ticket })).status).toBe(200);
  const events = await app.stores.query<{ reason: string }>(
    `SELECT reason FROM audit_events
     WHERE action = 'sign_in.failed' AND target_id = $1 ORDER BY id`,
    [userId],
  );
  expect(events.map(({ reason }) => reason)).toEqual(['wrong_mail_code', 'wrong_mail_link']);
});

it('a wrong code sends the database the same, whether or not an account has the address', async () => {
  const { ticket } = await asked();
  const unknown = (await ask(uniqueEmail())).body.ticket;
  await mailsHaveLeft(app);
  const sent = [];
  for (const one of [ticket, unknown]) {
    sent.push(await recordStatements(() => complete({ ticket: one, code: '000000' })));
  }
  expect(sent[0]).toContainEqual(expect.stringContaining('audit_events'));
  expect(sent[0]).toEqual(sent[1]);
});

it('it makes no account: an unknown address is answered alike, and gets no mail', async () => {
  const email = uniqueEmail();
  const { email: known } = await signUp(app);
  const answers = await Promise.all([ask(email), ask(known)]);
  for (const { status, body } of answers)
    expect([status, body]).toEqual([202, { ticket: expect.any(String), expiresIn: 600 }]);
  expect(refusalOf(await complete({ ticket: answers[0].body.ticket, code: '2222-2222' }))).toEqual(
    INVALID,
  );
  await mailsHaveLeft(app);
  expect(await mailsTo(app, email)).toEqual([]);
});

it('is off by default, and says so', async () => {
  const off = await TestApp.start({ stores: app.stores, env: { OUTBOX_WORKER: 'off' } });
  const isOff = refused(403, 'auth.email_sign_in_off');
  for (const [path, body] of [
    ['request', { email: uniqueEmail() }],
    ['complete', { token: 'x' }],
  ] as const)
    expect(refusalOf(await off.api.post(`/auth/email-sign-in/${path}`, body))).toEqual(isOff);
  await off.stop();
});
