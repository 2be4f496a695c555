import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { createTestCodes, giveCodes, WithSecondFactors } from '../../../builders/second-factors.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';

const PARALLEL = repeated({ quick: 25, full: 50 });

let stage: Awaited<ReturnType<typeof startTestApp>>;
let apps: TestApp[];
let throttled: TestApp;
beforeAll(async () => {
  const module = WithSecondFactors;
  stage = await startTestApp({}, { module });
  const { stores } = stage;
  await createTestCodes(stores);
  const other = await TestApp.start({ stores, module });
  throttled = await TestApp.start({ stores, module, env: { THROTTLING: 'on' } });
  apps = [stage, other];
});
afterAll(async () => {
  await Promise.all([apps[1]?.stop(), throttled.stop()]);
  await stage[Symbol.asyncDispose]();
});

const api = (index = 0) => (apps[index % 2] as TestApp).api;
const sql = <Row extends object>(text: string, values: unknown[]) =>
  stage.stores.query<Row & Record<string, unknown>>(text, values);

/** An account with a second factor, and codes that show it. */
async function withCodes(...codes: string[]): Promise<SignedIn> {
  const user = await signUp(stage);
  await giveCodes(stage.stores, user.userId, 'test_totp', ...codes);
  return user;
}

const byPassword = ({ email }: SignedIn, delivery = 'body', headers = {}) =>
  api().post('/auth/login', { email, password: PASSWORD, delivery }, { headers });

const show = (challenge: string, code: string, more = {}, index = 0, headers = {}) =>
  api(index).post(
    '/auth/login/second-factor',
    { challenge, method: 'test_totp', code, delivery: 'body', ...more },
    { headers },
  );

async function challengeOf(user: SignedIn): Promise<string> {
  return (await byPassword(user)).body.challenge;
}

async function sessionsOf({ userId }: SignedIn): Promise<number> {
  const [row] = await sql<{ count: number }>(
    'SELECT count(*)::int AS count FROM sessions WHERE user_id = $1',
    [userId],
  );
  return row?.count ?? 0;
}

describe('a stolen password of an account with a second factor', () => {
  it('is answered by a challenge: no session, no cookie, no token, no device', async () => {
    const user = await withCodes('111111');
    const before = await sessionsOf(user);
    const answer = await byPassword(user, 'cookie');
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.second_factor_required'));
    expect(answer.body).toMatchObject({
      challenge: expect.stringMatching(/^lko_/),
      methods: ['test_totp'],
      expiresIn: 300,
    });
    expect(answer.body).not.toHaveProperty('accessToken');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await sessionsOf(user)).toBe(before);
  });

  it('leaves few challenges however often it is shown, and the owner’s among them stay good', async () => {
    const user = await withCodes('111111', '222222');
    const owners = await challengeOf(user);
    const flood = () => Promise.all(Array.from({ length: PARALLEL }, () => challengeOf(user)));
    const asked = new Set([...(await flood()), ...(await flood())]);
    expect(asked.size).toBeLessThanOrEqual(20);
    const kept = await sql('SELECT FROM one_time_secrets WHERE user_id = $1', [user.userId]);
    expect(kept.length).toBeLessThanOrEqual(20);
    const tickets = `SELECT FROM one_time_tickets WHERE secret_id IN (
      SELECT id FROM one_time_secrets WHERE user_id = $1)`;
    expect(await sql(tickets, [user.userId])).toEqual([]);
    expect((await show(owners, '111111')).status).toBe(200);
    // Also who comes now signs in, by one that the thief has as well.
    expect((await show(await challengeOf(user), '222222')).status).toBe(200);
  });

  it('is put on record for administrators', async () => {
    const user = await withCodes('111111');
    await byPassword(user);
    const [event] = await sql(
      `SELECT details FROM audit_events WHERE action = 'sign_in.challenged' AND target_id = $1`,
      [user.userId],
    );
    expect(event?.details).toEqual({ methods: ['test_totp'], shown: ['pwd'] });
  });

  it('opens nothing by its challenge, which is no token of any kind', async () => {
    const challenge = await challengeOf(await withCodes('111111'));
    const me = await api().get('/auth/me', { token: challenge });
    const refreshed = await api().post('/auth/refresh', { refreshToken: challenge });
    const recovered = await api().post('/auth/recovery/complete', {
      token: challenge,
      newPassword: 'a crooked mile on a rainy day',
    });
    expect([me.status, refreshed.status, recovered.status]).toEqual([401, 401, 401]);
  });

  it('with guessed codes is stopped, and leaves the owner’s device its own tries', async () => {
    const user = await withCodes('111111', '222222');
    const shown = (challenge: string, code: string, headers = {}) =>
      throttled.api.post(
        '/auth/login/second-factor',
        { challenge, method: 'test_totp', code },
        { headers },
      );
    const first = await shown(await challengeOf(user), '111111');
    const [device = ''] = first.headers
      .getSetCookie()
      .filter((cookie) => cookie.includes('-device='))
      .map((cookie) => cookie.split(';')[0]);
    const challenge = await challengeOf(user);
    const codes: (string | undefined)[] = [];
    for (let guess = 0; guess < 20; guess++) {
      codes.push(refusalOf(await shown(challenge, `00000${guess}`)).code);
    }
    expect(codes.slice(0, 3)).toEqual(Array(3).fill('auth.factor_invalid'));
    expect(codes.at(-1)).toBe('throttle.too_many_requests');
    const owner = await shown(challenge, '222222', { Cookie: device });
    expect(owner.status).toBe(200);
  });
});

describe('the second factor', () => {
  it('begins the session that the password alone did not: aal2, by both', async () => {
    const user = await withCodes('111111');
    const { status, body } = await show(await challengeOf(user), '111111');
    expect([status, body.acr]).toEqual([200, 'aal2']);
    expect(decodeJwt(body.accessToken)).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    const refreshed = await api(1).post('/auth/refresh', { refreshToken: body.refreshToken });
    expect(refreshed.body.acr).toBe('aal2');
  });

  it('that is wrong costs no challenge; a wrong password is told by nothing of it', async () => {
    const user = await withCodes('111111');
    const challenge = await challengeOf(user);
    const wrong = await show(challenge, '999999');
    expect(refusalOf(wrong)).toEqual(refused(401, 'auth.factor_invalid'));
    expect((await show(challenge, '111111')).status).toBe(200);
    const login = { email: user.email, password: 'wrong horse battery staple', delivery: 'body' };
    const refusal = await api().post('/auth/login', login);
    expect(refusalOf(refusal)).toEqual(refused(401, 'auth.invalid_credentials'));
  });

  it.each([
    ['one code and one challenge', 1],
    ['one code and challenges of their own', PARALLEL],
  ])(`of ${PARALLEL} at once with %s, on two instances, one signs in`, async (_, challenges) => {
    const user = await withCodes('111111');
    const issued = await Promise.all(Array.from({ length: challenges }, () => challengeOf(user)));
    const before = await sessionsOf(user);
    const statuses = await Promise.all(
      Array.from({ length: PARALLEL }, async (_, index) => {
        const challenge = issued[index % issued.length] as string;
        return (await show(challenge, '111111', {}, index)).status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.every((status) => [200, 401, 429, 503].includes(status))).toBe(true);
    expect(await sessionsOf(user)).toBe(before + 1);
  });

  it.each<[string, (user: SignedIn) => Promise<unknown>]>([
    [
      'the password is another',
      ({ userId }) =>
        sql('UPDATE users SET password_version = password_version + 1 WHERE id = $1', [userId]),
    ],
    [
      'the account is disabled',
      ({ userId }) => sql(`UPDATE users SET status = 'disabled' WHERE id = $1`, [userId]),
    ],
    ['the account is deleted', ({ userId }) => sql('DELETE FROM users WHERE id = $1', [userId])],
    [
      'five minutes have passed',
      ({ userId }) =>
        sql(`UPDATE one_time_secrets SET expires_at = now() WHERE user_id = $1`, [userId]),
    ],
  ])('signs nobody in once %s', async (_, change) => {
    const user = await withCodes('111111');
    const challenge = await challengeOf(user);
    await change(user);
    const answer = await show(challenge, '111111');
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.proof_invalid'));
  });

  it('is not taken from another site where the cookie is to be set', async () => {
    const user = await withCodes('111111');
    const challenge = await challengeOf(user);
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    const answer = await show(challenge, '111111', { delivery: 'cookie' }, 0, foreign);
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.cross_site'));
  });

  it.each([
    ['another method', { method: 'retina' }],
    ['no code', { code: undefined }],
  ])('is not shown by %s', async (_, more) => {
    const answer = await show(await challengeOf(await withCodes('111111')), '111111', more);
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.factor_invalid'));
  });
});

it('an account without a second factor is asked for none', async () => {
  const admin = await signUpAdmin(stage);
  expect((await byPassword(admin)).body.acr).toBe('aal1');
});
