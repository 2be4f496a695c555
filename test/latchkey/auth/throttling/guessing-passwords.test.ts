import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { refresh } from '../../../builders/sessions.js';
import type { Answer } from '../../../support/api-client.js';
import { expectProblem } from '../../../support/expect-problem.js';
import { startTestApp } from '../../../support/test-app.js';
import { eventsDuring } from '../../audit/stored-events.js';
import {
  accountsIn,
  guess,
  letTimePass,
  retryAfterOf,
  somewhere,
  THROTTLED,
  trySignIn,
  WRONG_PASSWORD,
} from './guesses.js';

const CODE = 'throttle.too_many_requests';
const TEN_FAILURES = Array<number>(10).fill(401);

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({
    ...THROTTLED,
    THROTTLE_ADDRESS_REGISTRATIONS: '1000',
  });
});
afterAll(() => app[Symbol.asyncDispose]());

/** Somebody whose account strangers have guessed at until it was paused. */
async function hammered(): Promise<SignedIn> {
  const owner = await signUp(app);
  expect(await guess(app.api, 10, { email: owner.email, ip: somewhere() })).toEqual(TEN_FAILURES);
  return owner;
}

describe('wrong passwords in a row', () => {
  it('are answered ten times; then even the right one is refused, wherever it comes from', async () => {
    const { email } = await hammered();
    for (const password of [WRONG_PASSWORD, PASSWORD]) {
      const answer = await trySignIn(app.api, { email, password, ip: somewhere() });
      expectProblem(answer, 429, CODE);
      expect(retryAfterOf(answer)).toBeGreaterThan(20);
      expect(retryAfterOf(answer)).toBeLessThanOrEqual(30);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it('pause for longer each time, up to a quarter of an hour', async () => {
    const { email } = await hammered();
    const pauses: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) {
      const refused = await trySignIn(app.api, { email, ip: somewhere() });
      pauses.push(Math.round(retryAfterOf(refused) / 10) * 10);
      await letTimePass(app.stores, retryAfterOf(refused));
      expect(await guess(app.api, 1, { email, ip: somewhere() })).toEqual([401]);
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 900, 900]);
  });

  it('are let through one at a time after a pause', async () => {
    const { email } = await hammered();
    await letTimePass(app.stores, 30);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => guess(app.api, 1, { email, ip: somewhere() })),
    );
    expect(answers.flat().filter((status) => status === 401)).toHaveLength(1);
  });

  it('end a pause no later for being sent during it, and leave no trace', async () => {
    const { email } = await hammered();
    await letTimePass(app.stores, 20);
    const counted = await accountsIn(app.stores);
    const refused = await guess(app.api, 30, { email, ip: somewhere() });
    expect(new Set(refused)).toEqual(new Set([429]));
    expect(await accountsIn(app.stores)).toEqual(counted);
    await letTimePass(app.stores, 10);
    expect((await trySignIn(app.api, { email, ip: somewhere() })).status).toBe(200);
  });

  it('are forgotten when the right one is given', async () => {
    const { email } = await signUp(app);
    const target = { email, ip: somewhere() };
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await guess(app.api, 9, target)).toEqual(TEN_FAILURES.slice(1));
      expect((await trySignIn(app.api, target)).status).toBe(200);
    }
  });

  it('are forgotten also when it was given after a pause, and the pauses are short again', async () => {
    const { email } = await hammered();
    for (const pause of [30, 60]) {
      await letTimePass(app.stores, pause);
      await guess(app.api, 1, { email, ip: somewhere() });
    }
    await letTimePass(app.stores, 120);
    expect((await trySignIn(app.api, { email, ip: somewhere() })).status).toBe(200);
    expect(await guess(app.api, 10, { email, ip: somewhere() })).toEqual(TEN_FAILURES);
    const refused = await trySignIn(app.api, { email, ip: somewhere() });
    expect(retryAfterOf(refused)).toBeLessThanOrEqual(30);
  });

  it('are forgotten after a day', async () => {
    const { email } = await hammered();
    await letTimePass(app.stores, 86_400);
    expect(await guess(app.api, 10, { email, ip: somewhere() })).toEqual(TEN_FAILURES);
  });

  it('are counted as they come in: of a hundred at once ten reach the hash', async () => {
    const { email } = await signUp(app);
    const statuses = await Promise.all(
      Array.from({ length: 100 }, () => guess(app.api, 1, { email, ip: somewhere() })),
    );
    const told = (status: number) => statuses.flat().filter((one) => one === status).length;
    expect([told(401), told(429)]).toEqual([10, 90]);
  });

  it('count together however the address is written', async () => {
    const { email } = await signUp(app);
    const [name = '', domain = ''] = email.split('@');
    const wide = String.fromCodePoint(
      ...[...name].map((char) => (char.codePointAt(0) ?? 0) + 0xfee0),
    );
    const spellings = [
      email,
      email.toUpperCase(),
      `${name}@${domain.toUpperCase()}`,
      `${wide}@${domain}`,
    ];
    const statuses: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const spelling = spellings[turn % spellings.length] ?? '';
      statuses.push(...(await guess(app.api, 1, { email: spelling, ip: somewhere() })));
    }
    expect(statuses).toEqual([...TEN_FAILURES, 429, 429]);
  });
});

describe('an address that nobody has', () => {
  /** All that a client can see of an answer, but for what differs between any two. */
  function visible({ status, headers, body }: Answer) {
    const { requestId: _, ...rest } = body;
    const shown = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
    return { status, body: rest, headers: shown.map(([name, value]) => [name, roundly(value)]) };
  }

  /** Seconds go by between one answer and the next. */
  const roundly = (value: string) =>
    value.replace(/(?<=^|t=)\d+$/, (seconds) => `${Math.ceil(Number(seconds) / 10)}0`);

  it('is throttled like one that somebody has, wrong password, disabled or right', async () => {
    const known = await signUp(app);
    const disabled = await signUp(app);
    await app.stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [disabled.userId]);
    const course = async (email: string, password: string) => {
      const ip = somewhere();
      const answers = [];
      for (let turn = 0; turn < 12; turn += 1) {
        answers.push(visible(await trySignIn(app.api, { email, password, ip })));
      }
      return answers;
    };
    const unknown = await course(uniqueEmail(), PASSWORD);
    expect(unknown.map(({ status }) => status)).toEqual([...TEN_FAILURES, 429, 429]);
    expect(await course(known.email, WRONG_PASSWORD)).toEqual(unknown);
    expect(await course(disabled.email, PASSWORD)).toEqual(unknown);
  });
});

describe('while strangers guess at an account, its owner', () => {
  it('goes on in a live session: guarded routes, refreshing, changing the password', async () => {
    const { accessToken: token, refreshToken } = await hammered();
    expect((await app.api.get('/auth/me', { token })).status).toBe(200);
    expect((await refresh(app.api, refreshToken)).status).toBe(200);
    const change = { currentPassword: PASSWORD, newPassword: 'a crooked mile on a rainy day' };
    expect((await app.api.post('/auth/password/change', change, { token })).status).toBe(200);
  });
});

describe('what a client is told of the limits', () => {
  it('is where its own address stands, and nothing of what others do to the account', async () => {
    const { email } = await signUp(app);
    const ip = somewhere();
    await guess(app.api, 3, { email, ip: somewhere() });
    const answer = await trySignIn(app.api, { email, password: WRONG_PASSWORD, ip });
    expect(answer.headers.get('ratelimit-policy')).toBe(
      '"sign-in-address";q=100;w=900, "sign-in-account";q=10;w=86400',
    );
    expect(answer.headers.get('ratelimit')).toBe('"sign-in-address";r=99;t=900');
  });

  it('is how long the account is paused, no shorter than Retry-After', async () => {
    const { email } = await hammered();
    const answer = await trySignIn(app.api, { email, ip: somewhere() });
    const seconds = retryAfterOf(answer);
    expect(answer.headers.get('ratelimit')).toBe(`"sign-in-account";r=0;t=${seconds}`);
  });
});

describe('the audit trail', () => {
  it('has one event for a pause, and nothing for what is refused during it', async () => {
    const owner = await signUp(app);
    const ip = somewhere();
    const events = await eventsDuring(app.stores, () =>
      guess(app.api, 40, { email: owner.email, ip }),
    );
    const failed = { action: 'sign_in.failed', target_id: owner.userId, ip };
    const paused = {
      action: 'sign_in.throttled',
      outcome: 'failure',
      target_id: owner.userId,
      ip,
      details: { policy: 'sign-in-account', seconds: 30 },
    };
    expect(events).toMatchObject([...Array(10).fill(failed), paused]);
    await letTimePass(app.stores, 30);
    const later = await eventsDuring(app.stores, () =>
      guess(app.api, 5, { email: owner.email, ip }),
    );
    expect(later).toMatchObject([failed, { ...paused, details: { seconds: 60 } }]);
  });

  it('has one for an account that does not exist, and does not say what was typed', async () => {
    const email = uniqueEmail();
    const events = await eventsDuring(app.stores, () =>
      guess(app.api, 12, { email, ip: somewhere() }),
    );
    expect(events.at(-1)).toMatchObject({ action: 'sign_in.throttled', target_id: null });
    expect(events).toHaveLength(11);
    expect(JSON.stringify(events)).not.toContain(email);
  });
});
