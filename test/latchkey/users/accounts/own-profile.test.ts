import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let user: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  user = await signUp(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const read = () => app.api.get('/users/me', { token: user.accessToken });
const change = (body: unknown) => app.api.patch('/users/me', body, { token: user.accessToken });

it('a user sees their own profile', async () => {
  const { status, body } = await read();
  expect(status).toBe(200);
  expect(body).toEqual({
    id: user.userId,
    email: user.email,
    emailVerified: false,
    name: null,
    locale: null,
    roles: ['user'],
    status: 'active',
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
});

it.each(['GET', 'PATCH'])('%s demands a signed-in caller', async (method) => {
  const body = method === 'GET' ? undefined : { name: 'Mallory' };
  const answer = await app.api.send<Record<string, unknown>>(method, '/users/me', body);
  expect(refusalOf(answer)).toEqual(refused(401, 'access.unauthenticated'));
});

describe('a user changes their own name', () => {
  it.each([
    'Ada',
    'x'.repeat(200),
    'Zoë 🔑',
    '<script>alert(1)</script>',
    "'; DROP TABLE users; --",
  ])('to %j, kept as it is', async (name) => {
    const { status, body } = await change({ name });
    expect([status, body.name]).toEqual([200, name]);
    expect((await read()).body).toEqual(body);
  });

  it('to none', async () => {
    await change({ name: 'Ada' });
    expect((await change({ name: null })).body.name).toBeNull();
  });

  it('not at all when it is absent', async () => {
    await change({ name: 'Ada' });
    expect(await change({})).toMatchObject({ status: 200, body: { name: 'Ada' } });
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(201)],
    ['a number', 7],
    ['a list', ['Ada']],
    ['an object', { $ne: null }],
    ['with a NUL', 'A\0da'],
    ['half a character', '\ud83d'],
  ])('but not to one that is %s', async (_, name) => {
    expect(refusalOf(await change({ name }))).toEqual(invalid('name'));
  });
});

it.each([
  ['roles', ['admin']],
  ['status', 'disabled'],
  ['emailVerified', true],
  ['email', 'other@example.com'],
  ['id', '01890000-0000-7000-8000-000000000000'],
  ['passwordHash', 'x'],
  ['permissions', ['*']],
  ['authorizationVersion', 9],
])('a user cannot set their own %s', async (field, value) => {
  const before = (await read()).body;
  expect(refusalOf(await change({ name: 'Mallory', [field]: value }))).toEqual(invalid(field));
  expect((await read()).body).toEqual(before);
});

it('an account that is deleted has no profile left to see', async () => {
  const gone = await signUp(app);
  const admin = await signUpAdmin(app);
  await app.api.delete(`/admin/users/${gone.userId}`, { token: admin.accessToken });
  const answer = await app.api.get('/users/me', { token: gone.accessToken });
  expect(refusalOf(answer)).toEqual(refused(401, 'access.token_revoked'));
});
