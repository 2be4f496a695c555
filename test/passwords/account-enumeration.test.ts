import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, type SignedIn, signUp, uniqueEmail } from '../builders/accounts.js';
import type { Answer } from '../support/api-client.js';
import { interquartileRange, median, probabilityOfGreater } from '../support/compare-samples.js';
import { refusalOf, refused } from '../support/refusal.js';
import { startTestApp } from '../support/test-app.js';

const WRONG_PASSWORD = 'wrong horse battery staple';
const TRIES = 200;
/** Eight hundred sign-ins, on a machine that may be busy. */
const TIMEOUT_MILLISECONDS = 120_000;

let app: Awaited<ReturnType<typeof startTestApp>>;
let known: SignedIn;
let disabled: SignedIn;
let withoutPassword: SignedIn;

beforeAll(async () => {
  // Cheaper than in production, and still most of what a sign-in takes.
  app = await startTestApp({ ARGON2_MEMORY_KIB: '2048', THROTTLING: 'off' });
  known = await signUp(app);
  disabled = await signUp(app);
  withoutPassword = await signUp(app);
  await app.stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [disabled.userId]);
  await app.stores.query('UPDATE users SET password_hash = NULL WHERE id = $1', [
    withoutPassword.userId,
  ]);
});
afterAll(() => app[Symbol.asyncDispose]());

const FAILURES: Record<string, () => Promise<Answer>> = {
  'an unknown address': () => signIn(uniqueEmail(), PASSWORD),
  'a wrong password': () => signIn(known.email, WRONG_PASSWORD),
  'a disabled account': () => signIn(disabled.email, PASSWORD),
  'an account without a password': () => signIn(withoutPassword.email, PASSWORD),
};
const KINDS = Object.keys(FAILURES);

const signIn = (email: string, password: string): Promise<Answer> =>
  app.api.post('/auth/login', { email, password });
const fail = (kind: string) => FAILURES[kind]?.() ?? Promise.reject(new Error(kind));

/** All that a client can see of an answer, but for what differs between any two. */
function visible({ status, headers, body }: Answer) {
  const { requestId: _, ...rest } = body;
  const varying = new Set(['date', 'x-request-id']);
  return { status, body: rest, headers: [...headers].filter(([name]) => !varying.has(name)) };
}

describe('a failed sign-in does not tell whether there is an account', () => {
  it.each(KINDS)('%s: it is one answer', async (kind) => {
    const answer = await fail(kind);
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.invalid_credentials'));
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(visible(answer)).toEqual(visible(await fail('an unknown address')));
  });

  it(
    'by the time that it takes',
    async () => {
      const milliseconds = new Map(KINDS.map((kind) => [kind, [] as number[]]));
      for (const kind of KINDS) for (let warmUp = 0; warmUp < 5; warmUp += 1) await fail(kind);
      // Interleaved, each time from another beginning, so that a slow spell is slow for all of them.
      for (let turn = 0; turn < TRIES; turn += 1) {
        for (let place = 0; place < KINDS.length; place += 1) {
          const kind = KINDS[(turn + place) % KINDS.length] ?? '';
          const start = performance.now();
          await fail(kind);
          milliseconds.get(kind)?.push(performance.now() - start);
        }
      }
      const told = KINDS.map((kind) => {
        const samples = milliseconds.get(kind) ?? [];
        const others = KINDS.filter((other) => other !== kind).flatMap(
          (other) => milliseconds.get(other) ?? [],
        );
        return {
          tries: samples.length,
          greater: probabilityOfGreater(samples, others),
          betweenMedians: Math.abs(median(samples) - median(others)),
          spread: interquartileRange(others),
        };
      });
      // Of 200 against 600 the standard error is 0.024: past four of them it is no chance.
      for (const { tries, greater, betweenMedians, spread } of told) {
        expect(tries).toBe(TRIES);
        expect(greater).toBeGreaterThan(0.4);
        expect(greater).toBeLessThan(0.6);
        expect(betweenMedians).toBeLessThan(spread / 2);
      }
    },
    TIMEOUT_MILLISECONDS,
  );
});

it('the right password of a disabled account is as wrong as any other', async () => {
  const right = await signIn(disabled.email, PASSWORD);
  const wrong = await signIn(disabled.email, WRONG_PASSWORD);
  expect(visible(right)).toEqual(visible(wrong));
});
