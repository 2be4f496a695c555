import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, signUpAdmin, uniqueEmail } from '../../builders/accounts.js';
import { cookieHeaderOf } from '../../builders/browsers.js';
import { startChromium } from '../../support/chromium.js';
import { type DevMail, mailsTo, mailTo, tokenIn } from '../../support/dev-mails.js';
import { eventually } from '../../support/eventually.js';
import { LeanClient } from '../../support/lean-client.js';
import { copyDatabase, findSecrets } from '../../support/store-copies.js';
import { startTestApp } from '../../support/test-app.js';
import { repeated, sampled } from '../../support/test-depth.js';
import { onThisMachine } from '../../support/time-limits.js';
import { toldApart } from '../../support/told-apart.js';

const PASSWORD = 'correct horse battery staple';
const NEXT = 'seven green kites at noon';
/** Of each kind: decided before anybody looks. */
const TRIES = repeated({ quick: 25, full: 1_000 });
/** So many standard errors that nothing but a difference is found. */
const ALLOWED = 0.5 + (3.85 * 0.41) / Math.sqrt(TRIES);

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({
    EMAIL_VERIFICATION: 'required',
    EMAIL_SIGN_IN: 'on',
    PUBLIC_URL: 'http://localhost:1',
  });
});
afterAll(() => app[Symbol.asyncDispose]());

interface Mailed {
  readonly mail: DevMail;
  readonly cookie: string;
  /** What the owner's own click does: whether it succeeds. */
  readonly redeem: () => Promise<number>;
}

async function registered() {
  const email = uniqueEmail();
  const cookie = cookieHeaderOf(
    await app.api.post('/auth/register', { email, password: PASSWORD }),
  );
  const mail = await mailTo(app, email, 'email-verification');
  return { email, cookie, mail };
}

async function verified(): Promise<string> {
  const { email, cookie, mail } = await registered();
  const body = { token: tokenIn(mail) };
  await app.api.post('/auth/email-verification/confirm', body, { cookie });
  return email;
}

const redeemer =
  (path: string, mail: DevMail, more: object, cookie = '') =>
  async () =>
    (await app.api.post(`/auth/${path}`, { token: tokenIn(mail), ...more }, { cookie })).status;

/** Every flow whose mail holds a secret. */
const FLOWS: Readonly<Record<string, () => Promise<Mailed>>> = {
  verification: async () => {
    const { cookie, mail } = await registered();
    return { mail, cookie, redeem: redeemer('email-verification/confirm', mail, {}, cookie) };
  },
  recovery: async () => {
    const email = await verified();
    await app.api.post('/auth/recovery/request', { email });
    const mail = await mailTo(app, email, 'recovery');
    const redeem = redeemer('recovery/complete', mail, { newPassword: NEXT });
    return { mail, cookie: '', redeem };
  },
  'sign-in by mail': async () => {
    const email = await verified();
    const cookie = cookieHeaderOf(await app.api.post('/auth/email-sign-in/request', { email }));
    const mail = await mailTo(app, email, 'email-sign-in');
    const more = { delivery: 'body' };
    return { mail, cookie, redeem: redeemer('email-sign-in/complete', mail, more, cookie) };
  },
  invitation: async () => {
    const { accessToken: token } = await signUpAdmin(app);
    const email = uniqueEmail();
    await app.api.post('/admin/users', { email }, { token });
    const mail = await mailTo(app, email, 'invitation');
    const redeem = redeemer('invitation/accept', mail, { newPassword: NEXT });
    return { mail, cookie: '', redeem };
  },
};

describe.each(sampled(Object.entries(FLOWS), { oneIn: 4, turn: 2 }))(
  'the mail of %s',
  (_, begin) => {
    it('bears a scanner that opens and renders every link, and the owner’s click works then', async () => {
      const { mail, redeem } = await begin();
      const links = mail.links.map((link) => link.replace('http://localhost:1', app.origin));
      expect(links).toHaveLength(1);
      const browser = await startChromium();
      for (const link of links) {
        const page = await browser.newPage();
        await page.goto(link, { waitUntil: 'load' });
        await page.reload();
        for (const method of ['GET', 'HEAD']) {
          for (const asked of [link, link.replace('#', '?token='), link.replace('#', '/')])
            expect((await fetch(asked, { method })).status).toBeLessThan(500);
        }
      }
      await browser.close();
      expect(await redeem()).toBeLessThan(300);
      expect(await redeem()).toBe(401);
    });

    it('is all that holds its secret: no copy of the database, before or after', async () => {
      const { mail, cookie, redeem } = await begin();
      const token = tokenIn(mail);
      const secrets = {
        token,
        mac: Buffer.from(token.slice(4), 'base64url').subarray(16).toString('hex'),
        ...(mail.code !== null && { code: mail.code, letters: mail.code.replace('-', '') }),
        ...(cookie !== '' && { cookie: cookie.slice(cookie.indexOf('=') + 1) }),
      };
      expect(findSecrets(await copyDatabase(app.stores), secrets)).toEqual([]);
      await redeem();
      expect(findSecrets(await copyDatabase(app.stores), secrets)).toEqual([]);
    });
  },
);

describe('nobody is told by time', () => {
  it.each(sampled(['recovery', 'email-verification', 'email-sign-in'], { oneIn: 3, turn: 1 }))(
    'in whose name a mail is asked for: %s',
    async (path) => {
      const client = new LeanClient(app.origin);
      const [known, disabled, passwordless, { email: unverified }] = await Promise.all([
        verified(),
        verified(),
        verified(),
        registered(),
      ]);
      await app.stores.query(`UPDATE users SET status = 'disabled' WHERE email = $1`, [disabled]);
      await app.stores.query('UPDATE users SET password_hash = NULL WHERE email = $1', [
        passwordless,
      ]);
      const unknown = uniqueEmail();
      const kinds = { known, disabled, passwordless, unverified, unknown };
      const attempts = Object.entries(kinds).map(([kind, email]) => [
        kind,
        async () =>
          expect((await client.post(`/auth/${path}/request`, { email })).status).toBe(202),
      ]);
      const told = await toldApart(Object.fromEntries(attempts), TRIES);
      client.close();
      expect(told.auc, told.kinds).toBeLessThan(ALLOWED);
    },
    onThisMachine(300_000),
  );
});

describe('nobody is told by time which addresses are known', () => {
  it(
    'by registering them where addresses are to be verified',
    async () => {
      const client = new LeanClient(app.origin);
      const register = (email: string) =>
        client.post('/auth/register', { email, password: PASSWORD });
      const [known, disabled, reserved, { email: unverified }] = await Promise.all([
        verified(),
        verified(),
        verified(),
        registered(),
      ]);
      await app.stores.query(`UPDATE users SET status = 'disabled' WHERE email = $1`, [disabled]);
      await app.stores.query(
        `WITH moved AS (UPDATE users SET email = 'moved-' || email, email_key = 'moved-' || email_key
           WHERE email = $1 RETURNING id)
         INSERT INTO former_addresses (email_key, user_id, reserved_until)
         SELECT $1, id, 'infinity' FROM moved`,
        [reserved],
      );
      const kinds = { known: () => known, disabled: () => disabled, reserved: () => reserved };
      const all = { ...kinds, unverified: () => unverified, unknown: uniqueEmail };
      const attempts = Object.entries(all).map(([kind, email]) => [
        kind,
        async () => expect((await register(email())).status).toBe(202),
      ]);
      const told = await toldApart(Object.fromEntries(attempts), TRIES);
      client.close();
      expect(told.auc, told.kinds).toBeLessThan(ALLOWED);
    },
    onThisMachine(300_000),
  );
});

it('a mailbox gets its share of the hour over all purposes, and the rest waits, but for notices', async () => {
  const env = { EMAIL_VERIFICATION: 'optional', EMAIL_SIGN_IN: 'on', MAIL_PER_HOUR: '2' };
  const frugal = await startTestApp(env);
  const email = uniqueEmail();
  await frugal.api.post('/auth/register', { email, password: PASSWORD });
  await mailTo(frugal, email, 'email-verification');
  await frugal.api.post('/auth/recovery/request', { email });
  await mailTo(frugal, email, 'recovery');
  await frugal.api.post('/auth/email-sign-in/request', { email });
  await eventually(
    async () => {
      const [row] = await frugal.stores.query<{ seconds: number }>(
        `SELECT extract(epoch FROM due_at - clock_timestamp())::float8 AS seconds
         FROM outbox WHERE state = 'waiting'`,
      );
      expect(row?.seconds).toBeGreaterThan(3_000);
    },
    { within: 5 },
  );
  expect(await mailsTo(frugal, email)).toHaveLength(2);
  const { accessToken: token } = await signIn(frugal.api, email);
  const change = { currentPassword: PASSWORD, newPassword: NEXT, delivery: 'body' };
  expect((await frugal.api.post('/auth/password/change', change, { token })).status).toBeLessThan(
    300,
  );
  await mailTo(frugal, email, 'password-changed');
  await frugal[Symbol.asyncDispose]();
});
