import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signIn, signUp } from '../../../builders/accounts.js';
import { refresh } from '../../../builders/sessions.js';
import {
  addTotp,
  challengeOf,
  codeOf,
  forgetStep,
  showSecondFactor,
  signInWithTotp,
  signUpWithTotp,
} from '../../../builders/totp-accounts.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';

const WRONG = refused(401, 'auth.factor_invalid');
const AT_ONCE = repeated({ quick: 20, full: 50 });

let app: Awaited<ReturnType<typeof startTestApp>>;
let other: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  // It sends no mails: they are read at the first one.
  other = await TestApp.start({ stores: app.stores, env: { OUTBOX_WORKER: 'off' } });
});
afterAll(async () => {
  await other.stop();
  await app[Symbol.asyncDispose]();
});

const apiOf = (index: number) => (index % 2 === 0 ? app.api : other.api);
const wrong = (code: string) => (code.startsWith('9') ? '000000' : '999999');
const kindsOf = async (token: string) => {
  const { body } = await app.api.get('/auth/factors', { token });
  return body.items.map(({ kind }: { kind: string }) => kind);
};
const sessionsOf = async (userId: string) =>
  (await app.stores.query('SELECT id FROM sessions WHERE user_id = $1', [userId])).length;

describe('an app', () => {
  it('counts for nothing before it has shown a code', async () => {
    const user = await signUp(app);
    const { accessToken: token } = user;
    const begun = await app.api.post('/auth/factors/totp', undefined, { token });
    expect(await kindsOf(token)).toEqual([]);
    const path = `/auth/factors/totp/${begun.body.id}/confirm`;
    const answer = await app.api.post(path, { code: wrong(codeOf(begun.body.secret)) }, { token });
    expect(refusalOf(answer)).toEqual(refused(403, 'factors.code_invalid'));
    await signIn(app.api, user.email);
  });

  it('is asked for once it has, and the session that added it counts as one of two factors', async () => {
    const user = await signUpWithTotp(app);
    expect(user.recoveryCodes).toHaveLength(10);
    expect(new Set(user.recoveryCodes).size).toBe(10);
    expect(await kindsOf(user.accessToken)).toEqual(['totp', 'recovery_codes']);
    const { body } = await refresh(app.api, user.refreshToken);
    expect(decodeJwt(body.accessToken)).toMatchObject({
      acr: 'aal2',
      amr: expect.arrayContaining(['pwd', 'otp', 'mfa']),
    });

    const answer = await app.api.post('/auth/login', { email: user.email, password: PASSWORD });
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.second_factor_required'));
    expect(answer.body.methods).toEqual(['totp', 'recovery_code']);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const signedIn = await signInWithTotp(app, user);
    expect(decodeJwt(signedIn.accessToken)).toMatchObject({ acr: 'aal2' });
  });

  it('of somebody else confirms nothing', async () => {
    const user = await signUp(app);
    const thief = await signUp(app);
    const { body } = await app.api.post('/auth/factors/totp', undefined, {
      token: user.accessToken,
    });
    const answer = await app.api.post(
      `/auth/factors/totp/${body.id}/confirm`,
      { code: codeOf(body.secret) },
      { token: thief.accessToken },
    );
    expect(refusalOf(answer)).toEqual(refused(404, 'factors.not_found'));
  });

  it('that was begun over an hour ago, or begun again, cannot be confirmed', async () => {
    const { accessToken: token, userId } = await signUp(app);
    const begin = async () => (await app.api.post('/auth/factors/totp', undefined, { token })).body;
    const confirm = ({ id, secret }: { id: string; secret: string }) =>
      app.api.post(`/auth/factors/totp/${id}/confirm`, { code: codeOf(secret) }, { token });
    const first = await begin();
    const second = await begin();
    expect(refusalOf(await confirm(first))).toEqual(refused(404, 'factors.not_found'));
    await app.stores.query(
      `UPDATE factors SET created_at = created_at - interval '61 minutes' WHERE user_id = $1`,
      [userId],
    );
    expect(refusalOf(await confirm(second))).toEqual(refused(404, 'factors.not_found'));
  });

  it('has its seed encrypted in the database', async () => {
    const user = await signUp(app);
    const { body } = await app.api.post('/auth/factors/totp', undefined, {
      token: user.accessToken,
    });
    const [row] = await app.stores.query(
      'SELECT factors::text AS text FROM factors WHERE id = $1',
      [body.id],
    );
    const bits = [...body.secret].map((letter: string) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    );
    const bytes = bits.join('').match(/.{8}/g) ?? [];
    const hex = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString('hex');
    expect(row?.text).not.toContain(hex);
    expect(row?.text).not.toContain(body.secret);
  });
});

describe('a code of an app', () => {
  it('signs in once, and no older one after it', async () => {
    const user = await signUpWithTotp(app);
    const shown = { method: 'totp', code: user.code(1) };
    const first = await showSecondFactor(app.api, await challengeOf(app.api, user.email), shown);
    expect(first.status).toBe(200);
    const challenge = await challengeOf(app.api, user.email);
    expect(refusalOf(await showSecondFactor(app.api, challenge, shown))).toEqual(WRONG);
    const older = { method: 'totp', code: user.code() };
    expect(refusalOf(await showSecondFactor(app.api, challenge, older))).toEqual(WRONG);
  });

  it(`shown ${AT_ONCE} times at once on two instances signs in once`, async () => {
    const user = await signUpWithTotp(app);
    const before = await sessionsOf(user.userId);
    const challenges = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => challengeOf(apiOf(index), user.email)),
    );
    const shown = { method: 'totp', code: user.code() };
    const answers = await Promise.all(
      challenges.map((challenge, index) => showSecondFactor(apiOf(index), challenge, shown)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(await sessionsOf(user.userId)).toBe(before + 1);
  });

  it('raises a session that is older than the app', async () => {
    const user = await signUp(app);
    const older = await signIn(app.api, user.email);
    const { code } = await addTotp(app, user);
    const body = { method: 'totp', code: code() };
    const answer = await app.api.post('/auth/step-up', body, { token: older.accessToken });
    expect(answer.status).toBe(200);
    expect(decodeJwt(answer.body.accessToken)).toMatchObject({
      acr: 'aal2',
      sid: older.sessionId,
    });
  });
});

describe('guesses at a code', () => {
  it('end after a hundred in all, although the right one comes then; a recovery code still signs in', async () => {
    const user = await signUpWithTotp(app);
    await app.stores.query(
      `INSERT INTO factor_failures VALUES ($1, 97)
       ON CONFLICT (user_id) DO UPDATE SET wrong_codes = 97`,
      [user.userId],
    );
    const challenge = await challengeOf(app.api, user.email);
    const guess = (code: string) => showSecondFactor(app.api, challenge, { method: 'totp', code });
    const guesses = await Promise.all(Array.from({ length: 6 }, () => guess(wrong(user.code()))));
    const refusals = guesses.map((answer) => refusalOf(answer));
    expect(refusals.filter(({ code }) => code === 'auth.factor_invalid')).toHaveLength(3);
    expect(refusals.filter(({ code }) => code === 'factors.locked')).toHaveLength(3);
    expect(refusalOf(await guess(user.code()))).toEqual(refused(403, 'factors.locked'));

    const [code] = user.recoveryCodes;
    const recovered = await showSecondFactor(app.api, challenge, { method: 'recovery_code', code });
    expect(recovered.status).toBe(200);
    await addTotp(app, { ...user, accessToken: recovered.body.accessToken });
    await signInWithTotp(app, user);
  });

  it('of a stranger, who does not know the password, count for nothing', async () => {
    const user = await signUpWithTotp(app);
    const login = { email: user.email, password: 'not the password of it' };
    for (let tried = 0; tried < 5; tried++) {
      expect((await app.api.post('/auth/login', login)).status).toBe(401);
    }
    const counted = await app.stores.query('SELECT FROM factor_failures WHERE user_id = $1', [
      user.userId,
    ]);
    expect(counted).toEqual([]);
  });

  it('that are right are taken back', async () => {
    const user = await signUpWithTotp(app);
    await signInWithTotp(app, user);
    const [row] = await app.stores.query(
      'SELECT wrong_codes FROM factor_failures WHERE user_id = $1',
      [user.userId],
    );
    expect(row?.wrong_codes).toBe(0);
    await forgetStep(app.stores, user.userId);
  });
});
