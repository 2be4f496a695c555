import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CompleteSignIn } from '../../src/latchkey/index.js';
import { PASSWORD, signUp, uniqueEmail } from '../builders/accounts.js';
import { Barrier } from '../support/barrier.js';
import { mailsHaveLeft, mailsTo, mailTo, tokenIn } from '../support/dev-mails.js';
import { recordStatements } from '../support/recorded-statements.js';
import { refusalOf, refused } from '../support/refusal.js';
import { startYourApp } from '../support/your-app.js';

describe('links by mail', () => {
  let app: Awaited<ReturnType<typeof startYourApp>>;
  beforeAll(async () => {
    app = await startYourApp({ MAIL_LINKS_PAGE_URL: 'https://app.example.com/enter' });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const ask = (email: string) => app.api.post('/mail-links', { email });
  const linkFor = async (email: string): Promise<string> => {
    expect((await ask(email)).status).toBe(202);
    return tokenIn(await mailTo(app, email, 'mail-link'));
  };
  const open = (token: string) => app.api.post('/mail-links/redeem', { token, delivery: 'body' });
  const INVALID = refused(401, 'auth.proof_invalid');

  it('start one session, however many open one at once', async () => {
    const { email, userId } = await signUp(app);
    const token = await linkFor(email);
    const race = Barrier.before(app.nest.get(CompleteSignIn, { strict: false }), 'complete');
    const opened = Array.from({ length: 20 }, () => open(token));
    await race.reachedBy(20);
    race.open();
    const answers = await Promise.all(opened);
    const [signedIn, ...more] = answers.filter(({ status }) => status === 200);
    expect([signedIn?.body.user.id, more]).toEqual([userId, []]);
    expect(refusalOf(await open(token))).toEqual(INVALID);
  });

  it('tell nobody which addresses are known', async () => {
    const { email } = await signUp(app);
    const unknown = uniqueEmail();
    const answers = [await ask(email), await ask(unknown)];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [202, '{"expiresIn":900}'],
      [202, '{"expiresIn":900}'],
    ]);
    await mailsHaveLeft(app);
    expect(await mailsTo(app, unknown)).toEqual([]);
    const shapes = [];
    for (const address of [email, unknown]) {
      await mailsHaveLeft(app);
      const sent = await recordStatements(() => ask(address));
      // What the worker of this process sends is not the request's.
      shapes.push(sent.slice(0, sent.indexOf('COMMIT')).map((sql) => sql.trim().split(/\s/, 3)));
    }
    expect(shapes[0]).toEqual(shapes[1]);
  });

  it('leave nothing of whoever registered an address that is not theirs', async () => {
    const { email, refreshToken } = await signUp(app);
    const { status, body } = await open(await linkFor(email));
    expect([status, body.user.emailVerified]).toEqual([200, true]);
    const refreshed = await app.api.post('/auth/refresh', { refreshToken });
    expect(refusalOf(refreshed)).toEqual(refused(401, 'auth.session_revoked'));
    const login = await app.api.post('/auth/login', { email, password: PASSWORD });
    expect(refusalOf(login)).toEqual(refused(401, 'auth.invalid_credentials'));
  });

  it('sign in where addresses must be verified, for they verify it', async () => {
    await using strict = await startYourApp({ EMAIL_VERIFICATION: 'required' });
    const email = uniqueEmail();
    await strict.api.post('/auth/register', { email, password: PASSWORD });
    expect((await strict.api.post('/mail-links', { email })).status).toBe(202);
    const token = tokenIn(await mailTo(strict, email, 'mail-link'));
    const answer = await strict.api.post('/mail-links/redeem', { token, delivery: 'body' });
    expect([answer.status, answer.body.user?.emailVerified]).toEqual([200, true]);
  });

  it('bear a bounded number of guesses and of requests', async () => {
    await using strict = await startYourApp({ THROTTLING: 'on' });
    const limited = refused(429, 'throttle.too_many_requests');
    const guess = () => strict.api.post('/mail-links/redeem', { token: 'lko_x', delivery: 'body' });
    for (let tries = 0; tries < 30; tries++) expect(refusalOf(await guess())).toEqual(INVALID);
    expect(refusalOf(await guess())).toEqual(limited);
    const email = uniqueEmail();
    const askFor = () => strict.api.post('/mail-links', { email });
    for (let asked = 0; asked < 5; asked++) expect((await askFor()).status).toBe(202);
    expect(refusalOf(await askFor())).toEqual(limited);
  });

  it('leave a proved account its password and its sessions', async () => {
    const { email, userId, refreshToken } = await signUp(app);
    await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [userId]);
    expect((await open(await linkFor(email))).status).toBe(200);
    expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(200);
    expect((await app.api.post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
  });
});
