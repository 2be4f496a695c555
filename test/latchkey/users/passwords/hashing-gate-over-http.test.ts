import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp, uniqueEmail } from '../../../builders/accounts.js';
import type { Answer } from '../../../support/api-client.js';
import { invalid, refusalOf } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let user: SignedIn;

beforeAll(async () => {
  app = await startTestApp({
    HASHING_CONCURRENCY: '1',
    HASHING_QUEUE: '2',
    // As dear as in production: a flood of sign-ins meets a gate that is shut for a while.
    ARGON2_MEMORY_KIB: '19456',
    ARGON2_TIME_COST: '2',
    THROTTLING: 'off',
  });
  user = await signUp(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const login = (email = user.email): Promise<Answer> =>
  app.api.post('/auth/login', { email, password: PASSWORD, delivery: 'body' });
const count = (answers: Answer[], wanted: number) =>
  answers.filter(({ status }) => status === wanted).length;

function expectBusy(answer: Answer): void {
  expect(refusalOf(answer)).toEqual({ status: 503, code: 'auth.busy', fields: [] });
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
}

it('more sign-ins than can be checked are told to come back, and the others are let in', async () => {
  const answers = await Promise.all(Array.from({ length: 16 }, () => login()));
  const busy = answers.filter(({ status }) => status === 503);
  busy.forEach(expectBusy);
  expect(count(answers, 200) + busy.length).toBe(16);
  expect(count(answers, 200)).toBeGreaterThanOrEqual(3);
  expect(busy.length).toBeGreaterThan(0);
  expect((await login()).status).toBe(200);
});

it('whether an account exists makes no difference to being turned away', async () => {
  const answers = await Promise.all(Array.from({ length: 16 }, () => login(uniqueEmail())));
  const busy = answers.filter(({ status }) => status === 503);
  busy.forEach(expectBusy);
  expect(count(answers, 401) + busy.length).toBe(16);
  expect(busy.length).toBeGreaterThan(0);
});

it('a flood of sign-ins leaves refreshes, guarded routes and bad requests untouched', async () => {
  let flooding = true;
  const flood = Array.from({ length: 8 }, async () => {
    const answers: Answer[] = [];
    while (flooding) answers.push(await login());
    return answers;
  });
  const served: Answer[] = [];
  let { refreshToken } = user;
  for (let round = 0; round < 10; round += 1) {
    const refreshed = await app.api.post('/auth/refresh', { refreshToken });
    refreshToken = refreshed.body.refreshToken;
    const token = refreshed.body.accessToken;
    const me = await app.api.get('/auth/me', { token });
    served.push(refreshed, me, await app.api.get('/users/me', { token }));
  }
  const tooLong = await app.api.post('/auth/login', {
    email: user.email,
    password: 'x'.repeat(257),
  });
  flooding = false;
  const flooded = (await Promise.all(flood)).flat();

  expect(served.map(({ status }) => status)).toEqual(Array(30).fill(200));
  expect(refusalOf(tooLong)).toEqual(invalid('password'));
  expect(count(flooded, 503)).toBeGreaterThan(0);
  expect(count(flooded, 200)).toBeGreaterThan(0);
  expect(count(flooded, 200) + count(flooded, 503)).toBe(flooded.length);
});

it('registering and changing a password go by the same gate', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, turn) =>
      turn % 2 === 0
        ? app.api.post('/auth/register', { email: uniqueEmail(), password: PASSWORD })
        : app.api.post(
            '/auth/password/change',
            { currentPassword: 'wrong horse battery staple', newPassword: `${PASSWORD} 2` },
            { token: user.accessToken },
          ),
    ),
  );
  const busy = answers.filter(({ status }) => status === 503);
  busy.forEach(expectBusy);
  expect(busy.length).toBeGreaterThan(0);
  expect(count(answers, 201) + count(answers, 401) + busy.length).toBe(12);
});
