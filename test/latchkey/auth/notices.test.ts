import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../../src/latchkey/audit/actor.js';
import { NOTICE_NAMES } from '../../../src/latchkey/auth/mail/notice-names.js';
import { Notices } from '../../../src/latchkey/auth/mail/notices.js';
import { PASSWORD, type SignedIn, signIn, signUp } from '../../builders/accounts.js';
import { type DevMail, mailsHaveLeft, mailsTo, mailTo, tokenIn } from '../../support/dev-mails.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

const NEXT = 'a crooked mile on a rainy day';
const INVALID = refused(401, 'auth.proof_invalid');

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({ THROTTLING: 'on', THROTTLE_ADDRESS_REGISTRATIONS: '10000' });
});
afterAll(() => app[Symbol.asyncDispose]());

const endAll = (token: string, headers?: Record<string, string>) =>
  app.api.post('/auth/sessions/end-all', { token }, { headers });
const isSignedIn = async ({ accessToken: token, refreshToken }: SignedIn) => [
  (await app.api.get('/auth/me', { token })).status,
  (await app.api.post('/auth/refresh', { refreshToken })).status,
];
const changePassword = ({ accessToken: token }: SignedIn, headers?: Record<string, string>) => {
  const body = { currentPassword: PASSWORD, newPassword: NEXT, delivery: 'body' };
  return app.api.post('/auth/password/change', body, { token, headers });
};
const signInFrom = (email: string, userAgent: string, cookie = '') =>
  app.api.post(
    '/auth/login',
    { email, password: PASSWORD, delivery: 'body' },
    { headers: { 'User-Agent': userAgent, ...(cookie !== '' && { Cookie: cookie }) } },
  );

/** The notice of a kind, put in by itself. */
async function noticeOf(notice: (typeof NOTICE_NAMES)[number], user: SignedIn): Promise<DevMail> {
  const account = { id: user.userId, email: user.email };
  const notices = app.nest.get(Notices, { strict: false });
  await app.nest
    .get(DataSource)
    .transaction((manager) => notices.put(manager, { notice, account, actor: OPERATOR }));
  return mailTo(app, user.email, notice);
}

describe('the link of a notice', () => {
  it('ends every session of the account, once, and leaves the password as it is', async () => {
    const user = await signUp(app);
    const { body } = await changePassword(user);
    const thief = await signIn(app.api, user.email, NEXT);
    const stranger = await signUp(app);
    const token = tokenIn(await mailTo(app, user.email, 'password-changed'));
    const answer = await endAll(token);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await isSignedIn(thief)).toEqual([401, 401]);
    expect(await isSignedIn({ ...user, ...body })).toEqual([401, 401]);
    expect(await isSignedIn(stranger)).toEqual([200, 200]);
    expect(refusalOf(await endAll(token))).toEqual(INVALID);
    expect((await signIn(app.api, user.email, NEXT)).userId).toBe(user.userId);
  });

  it('stays good when a thief changes the password again, and when another notice has come', async () => {
    const user = await signUp(app);
    await changePassword(user);
    const token = tokenIn(await mailTo(app, user.email, 'password-changed'));
    const thief = await signIn(app.api, user.email, NEXT);
    const again = { currentPassword: NEXT, newPassword: PASSWORD, delivery: 'body' };
    await app.api.post('/auth/password/change', again, { token: thief.accessToken });
    await mailsHaveLeft(app);
    const kept = await signIn(app.api, user.email);
    expect((await endAll(token)).status).toBe(204);
    expect(await isSignedIn(kept)).toEqual([401, 401]);
  });

  it.each(['GET', 'HEAD'])('is not consumed by a scanner that sends %s', async (method) => {
    const user = await signUp(app);
    const mail = await noticeOf('passkey-added', user);
    const [link = ''] = mail.links;
    for (const path of ['/auth/sessions/end-all', new URL(link).pathname])
      await app.api.send(method, `${path}?token=${tokenIn(mail)}`, undefined);
    expect(await isSignedIn(user)).toEqual([200, 200]);
    expect((await endAll(tokenIn(mail))).status).toBe(204);
  });

  it('is nothing to a page of another site', async () => {
    const user = await signUp(app);
    const token = tokenIn(await noticeOf('factor-removed', user));
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    expect(refusalOf(await endAll(token, headers))).toEqual(refused(403, 'auth.cross_site'));
    expect(await isSignedIn(user)).toEqual([200, 200]);
  });

  it.each(['disabled', 'deleted'])('is dead once the account is %s', async (state) => {
    const user = await signUp(app);
    const token = tokenIn(await noticeOf('identity-added', user));
    await app.stores.query(
      state === 'deleted'
        ? 'DELETE FROM users WHERE id = $1'
        : `UPDATE users SET status = 'disabled' WHERE id = $1`,
      [user.userId],
    );
    expect(refusalOf(await endAll(token))).toEqual(INVALID);
  });
});

describe('whoever reads the mail of an account is told', () => {
  it.each(NOTICE_NAMES)('of %s, in both languages', async (notice) => {
    const user = await signUp(app);
    const english = await noticeOf(notice, user);
    const { accessToken: token } = user;
    await app.api.patch('/users/me', { locale: 'de' }, { token });
    await mailsHaveLeft(app);
    await noticeOf(notice, user);
    await mailsHaveLeft(app);
    const [german] = await mailsTo(app, user.email);
    expect(english.text).toMatch(/^Hello,/);
    expect(german?.text).toMatch(/^Guten Tag,/);
    for (const mail of [english, german]) {
      expect(mail?.text).toContain(user.email);
      expect(mail?.text).not.toMatch(/undefined|null|0\.0\.0\.0/);
      expect(mail?.code).toBeNull();
    }
  });

  it('of a sign-in from a new device, with where it came from, and not of the first one', async () => {
    const user = await signUp(app);
    await signInFrom(
      user.email,
      'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Firefox/140.0 call us: https://evil.example',
    );
    const mail = await mailTo(app, user.email, 'new-device');
    expect(mail.text).toContain('“Firefox, Windows”');
    expect(mail.text).not.toContain('evil');
    expect(mail.text).toContain('127.0.0.1');
    await mailsHaveLeft(app);
    expect(await mailsTo(app, user.email)).toHaveLength(1);
  });

  it('of no sign-in from a device that is known, by what it is or by its cookie', async () => {
    const user = await signUp(app);
    const first = await signInFrom(user.email, 'Firefox/140.0');
    await mailTo(app, user.email, 'new-device');
    const [cookie = ''] = (first.headers.get('set-cookie') ?? '').split(';');
    await signInFrom(user.email, 'Firefox/141.0');
    await signInFrom(user.email, 'Something else', cookie);
    await mailsHaveLeft(app);
    expect(await mailsTo(app, user.email)).toHaveLength(1);
  });

  it('also when many sign in from new devices at once, each of whom gets in', async () => {
    const user = await signUp(app);
    const answers = await Promise.all(
      ['Opera', 'Safari', 'Edge', 'Vivaldi', 'curl', 'wget'].map((software) =>
        signInFrom(user.email, software),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    await mailsHaveLeft(app);
    expect((await mailsTo(app, user.email)).length).toBeGreaterThanOrEqual(6);
  });

  it('even when what the link was for is over before the mail leaves', async () => {
    const user = await signUp(app);
    await app.stores.query(
      `CREATE OR REPLACE FUNCTION consume_at_once() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN NEW.consumed_at = clock_timestamp(); RETURN NEW; END $$`,
    );
    await app.stores.query(`CREATE TRIGGER consume_at_once BEFORE INSERT ON one_time_secrets
      FOR EACH ROW EXECUTE FUNCTION consume_at_once()`);
    const mail = await noticeOf('passkey-removed', user);
    await app.stores.query('DROP TRIGGER consume_at_once ON one_time_secrets');
    expect(mail.links).toEqual([]);
    expect(mail.text).toContain('write to those who run this service');
  });
});
