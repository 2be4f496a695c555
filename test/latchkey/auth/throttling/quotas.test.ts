import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, uniqueEmail } from '../../../builders/accounts.js';
import { headersOf } from '../../../builders/places.js';
import { refresh } from '../../../builders/sessions.js';
import { showFactors } from '../../../builders/shown-factors.js';
import type { Answer } from '../../../support/api-client.js';
import { expectProblem } from '../../../support/expect-problem.js';
import { startTestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import {
  guess,
  letTimePass,
  retryAfterOf,
  somewhere,
  THROTTLED,
  trySignIn,
  WRONG_PASSWORD,
} from './guesses.js';

const CODE = 'throttle.too_many_requests';
const SETTINGS = {
  ...THROTTLED,
  THROTTLE_ADDRESS_FAILED_SIGN_INS: '5',
  THROTTLE_ADDRESS_REGISTRATIONS: '3',
  THROTTLE_ADDRESS_REFUSED_REFRESHES: '4',
};

interface Session {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp(SETTINGS);
});
afterAll(() => app[Symbol.asyncDispose]());

const registerFrom = (ip: string, email = uniqueEmail(), password = PASSWORD) =>
  app.api.post('/auth/register', { email, password }, { headers: headersOf({ ip }) });

/** An account of somebody who lives elsewhere. */
async function someone() {
  const email = uniqueEmail();
  expect((await registerFrom(somewhere(), email)).status).toBe(201);
  const { body } = await trySignIn(app.api, { email, ip: somewhere() });
  return { email, ...(body as { accessToken: string; refreshToken: string }) };
}

const guessAtMany = async (count: number, ip: string) => {
  const statuses: number[] = [];
  while (statuses.length < count) {
    statuses.push(...(await guess(app.api, 1, { email: uniqueEmail(), ip })));
  }
  return statuses;
};

function statusesOf(answers: readonly Answer[]): number[] {
  return answers.map(({ status }) => status);
}

describe('the sign-ins of an address', () => {
  it('that fail are answered up to its quota, whatever the account', async () => {
    const ip = somewhere();
    expect(await guessAtMany(6, ip)).toEqual([401, 401, 401, 401, 401, 429]);
    const { email } = await someone();
    const refused = await trySignIn(app.api, { email, ip });
    expectProblem(refused, 429, CODE);
    expect(retryAfterOf(refused)).toBeGreaterThan(800);
    expect(refused.headers.get('ratelimit')).toBe(
      `"sign-in-address";r=0;t=${retryAfterOf(refused)}`,
    );
    expect((await trySignIn(app.api, { email, ip: somewhere() })).status).toBe(200);
    await letTimePass(app.stores, 900);
    expect((await trySignIn(app.api, { email, ip })).status).toBe(200);
  });

  it('that succeed use nothing up and win nothing back', async () => {
    const ip = somewhere();
    const { email } = await someone();
    await guessAtMany(4, ip);
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await trySignIn(app.api, { email, ip })).status).toBe(200);
    }
    expect(await guessAtMany(2, ip)).toEqual([401, 429]);
  });

  it('that are refused for the account use nothing up', async () => {
    const { email } = await someone();
    for (let turn = 0; turn < 10; turn += 1) await guess(app.api, 1, { email, ip: somewhere() });
    const ip = somewhere();
    expect(new Set(await guess(app.api, 20, { email, ip }))).toEqual(new Set([429]));
    expect(await guessAtMany(5, ip)).toEqual(Array(5).fill(401));
  });

  it('that are refused for the address do not count for the account', async () => {
    const { email } = await someone();
    const ip = somewhere();
    await guessAtMany(5, ip);
    expect(new Set(await guess(app.api, 20, { email, ip }))).toEqual(new Set([429]));
    expect((await trySignIn(app.api, { email, ip: somewhere() })).status).toBe(200);
  });

  it('that are not valid are not counted', async () => {
    const ip = somewhere();
    for (let turn = 0; turn < 10; turn += 1) {
      const bad = { email: 1, password: PASSWORD };
      const { status } = await app.api.post('/auth/login', bad, { headers: headersOf({ ip }) });
      expect(status).toBe(400);
    }
    expect(await guessAtMany(1, ip)).toEqual([401]);
  });
});

const SPELLINGS = [
  ['an IPv4 address', '192.0.2.1', '192.0.2.1', '192.0.2.2'],
  ['an IPv4 address mapped into IPv6', '192.0.2.3', '::ffff:192.0.2.3', '::ffff:192.0.2.4'],
  ['the same in hexadecimal', '192.0.2.5', '::ffff:c000:205', '::ffff:c000:206'],
  ['a /64 of IPv6', '2001:db8:1:2::1', '2001:DB8:1:2:ffff::9', '2001:db8:1:3::1'],
  ['a /64 with zeros in it', '2001:db8::1', '2001:db8:0:0:8000::', '2001:db8:0:1::1'],
  ['written with its port', '192.0.2.7:4711', '192.0.2.7:4712', '192.0.2.8:4711'],
  ['written in brackets', '[2001:db8:5::1]:4711', '2001:db8:5::2', '[2001:db8:6::1]:4711'],
] as const;

describe('an address is', () => {
  it.each(sampled(SPELLINGS, { oneIn: 2 }))('%s', async (_, ip, same, other) => {
    await guessAtMany(5, ip);
    expect(await guessAtMany(1, same)).toEqual([429]);
    expect(await guessAtMany(1, other)).toEqual([401]);
  });

  it('what a trusted proxy says, not what a client says through it', async () => {
    const [ip, claimed] = [somewhere(), somewhere()];
    await guessAtMany(5, ip);
    expect(await guessAtMany(1, `${claimed}, ${ip}`)).toEqual([429]);
  });
});

describe('the registrations of an address', () => {
  it('are answered up to its quota, whether the e-mail is taken or not', async () => {
    const ip = somewhere();
    const { email } = await someone();
    const answers = [
      await registerFrom(ip),
      await registerFrom(ip, email),
      await registerFrom(ip),
      await registerFrom(ip),
      await registerFrom(ip, email),
    ];
    expect(statusesOf(answers)).toEqual([201, 409, 201, 429, 429]);
    const [first, , , refused] = answers;
    expect(first?.headers.get('ratelimit-policy')).toBe('"registration-address";q=3;w=900');
    expect(first?.headers.get('ratelimit')).toBe('"registration-address";r=2;t=900');
    expectProblem(refused as Answer, 429, CODE);
    expect((await registerFrom(somewhere())).status).toBe(201);
  });

  it('are not counted when the password is not good enough', async () => {
    const ip = somewhere();
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await registerFrom(ip, uniqueEmail(), 'password')).status).toBe(400);
    }
    expect((await registerFrom(ip)).status).toBe(201);
  });
});

describe('the refreshes of an address', () => {
  const refreshFrom = (ip: string, refreshToken: string) =>
    refresh(app.api, refreshToken, { headers: headersOf({ ip }) });

  it('that are refused are told to stop past the quota; good ones go on', async () => {
    const ip = somewhere();
    const { refreshToken } = await someone();
    const forged: Answer[] = [];
    while (forged.length < 6) forged.push(await refreshFrom(ip, 'lkr_forged'));
    expect(statusesOf(forged)).toEqual([401, 401, 401, 401, 429, 429]);
    expectProblem(forged[4] as Answer, 429, CODE);
    const good = await refreshFrom(ip, refreshToken);
    expect(good.status).toBe(200);
    expect(good.headers.get('ratelimit')).toBeNull();
    expect((await refreshFrom(somewhere(), 'lkr_forged')).status).toBe(401);
  });

  it('that send no token, as a page does that has just been opened, are not counted', async () => {
    const ip = somewhere();
    const open = () => app.api.post('/auth/refresh', undefined, { headers: headersOf({ ip }) });
    const opened: Answer[] = [];
    while (opened.length < 6) opened.push(await open());
    expect(statusesOf(opened)).toEqual(Array(6).fill(401));
    expect((await refreshFrom(ip, 'lkr_forged')).status).toBe(401);
  });

  it('learn what became of a session that has ended, past the quota too, and use nothing up', async () => {
    const ip = somewhere();
    const { refreshToken } = await someone();
    expect((await app.api.post('/auth/logout', { refreshToken })).status).toBe(204);
    for (let turn = 0; turn < 6; turn += 1) {
      expect((await refreshFrom(ip, refreshToken)).body.code).toBe('auth.session_revoked');
    }
    const forged: Answer[] = [];
    while (forged.length < 5) forged.push(await refreshFrom(ip, 'lkr_forged'));
    expect(statusesOf(forged)).toEqual([401, 401, 401, 401, 429]);
    expect((await refreshFrom(ip, refreshToken)).body.code).toBe('auth.session_revoked');
  });
});

describe('changing the password', () => {
  const change = (token: string, currentPassword: string, newPassword: string = NEW) =>
    app.api.post('/auth/password/change', { currentPassword, newPassword }, { token });
  const NEW = 'a crooked mile on a rainy day';

  it('is answered ten times in a row, and each pause is longer, for one user alone', async () => {
    const [victim, other] = [await someone(), await someone()];
    const token = victim.accessToken;
    const answers: Answer[] = [];
    while (answers.length < 11) answers.push(await change(token, WRONG_PASSWORD));
    expect(statusesOf(answers)).toEqual([...Array(10).fill(401), 429]);
    expect(answers[0]?.headers.get('ratelimit')).toBe('"password-change-session";r=9;t=86400');
    const refused = await change(token, PASSWORD);
    expectProblem(refused, 429, CODE);
    expect(retryAfterOf(refused)).toBeLessThanOrEqual(30);
    expect((await change(other.accessToken, PASSWORD)).status).toBe(200);
    await letTimePass(app.stores, 30);
    expect((await change(token, WRONG_PASSWORD)).status).toBe(401);
    expect(retryAfterOf(await change(token, PASSWORD))).toBeGreaterThan(30);
    await letTimePass(app.stores, 60);
    expect((await change(token, PASSWORD)).status).toBe(200);
  });

  const wrongFrom = async (token: string, times: number) => {
    const answers: Answer[] = [];
    while (answers.length < times) answers.push(await change(token, WRONG_PASSWORD));
    return statusesOf(answers);
  };

  const sessionOf = async (email: string) =>
    (await trySignIn(app.api, { email, ip: somewhere() })).body as Session;

  /** A session that was signed in to an hour ago. */
  async function olderSessionOf(email: string): Promise<Session> {
    const { sessionId, refreshToken } = await sessionOf(email);
    await showFactors(app.stores, sessionId, { password: 3_600 });
    return (await refresh(app.api, refreshToken)).body as Session;
  }

  it('is not kept from its owner by who guesses with a stolen session: signing in is enough', async () => {
    const { email, accessToken: stolen } = await someone();
    expect(await wrongFrom(stolen, 11)).toEqual([...Array(10).fill(401), 429]);
    const { accessToken } = await sessionOf(email);
    expect((await change(stolen, PASSWORD)).status).toBe(429);
    expect((await change(accessToken, PASSWORD)).status).toBe(200);
  });

  it('is answered ten times in a row to all older sessions together', async () => {
    const { email } = await someone();
    const [stolen, another] = [await olderSessionOf(email), await olderSessionOf(email)];
    expect(await wrongFrom(stolen.accessToken, 5)).toEqual(Array(5).fill(401));
    expect(await wrongFrom(another.accessToken, 6)).toEqual([...Array(5).fill(401), 429]);
    const refused = await change(stolen.accessToken, PASSWORD);
    expect(refused.headers.get('ratelimit')).toMatch(/^"password-change-user";r=0;/);
    const { accessToken } = await sessionOf(email);
    expect((await change(accessToken, PASSWORD)).status).toBe(200);
  });

  it('is answered a hundred times a day to all fresh sessions together', async () => {
    const { email } = await someone();
    const sessions = await Promise.all(Array.from({ length: 10 }, () => sessionOf(email)));
    const answers = await Promise.all(
      sessions.map(({ accessToken }) => wrongFrom(accessToken, 10)),
    );
    expect(answers.flat()).toEqual(Array(100).fill(401));
    const { accessToken } = await sessionOf(email);
    const refused = await change(accessToken, PASSWORD);
    expectProblem(refused, 429, CODE);
    expect(retryAfterOf(refused)).toBeGreaterThan(80_000);
  });

  it('holds up no sign-in, and no sign-in holds it up', async () => {
    const { email, accessToken } = await someone();
    for (let turn = 0; turn < 11; turn += 1) await change(accessToken, WRONG_PASSWORD);
    expect((await trySignIn(app.api, { email, ip: somewhere() })).status).toBe(200);
  });

  it('does not count a new password that is not good enough', async () => {
    const { accessToken } = await someone();
    for (let turn = 0; turn < 12; turn += 1) {
      expect((await change(accessToken, PASSWORD, 'password')).status).toBe(400);
    }
    expect((await change(accessToken, PASSWORD)).status).toBe(200);
  });
});
