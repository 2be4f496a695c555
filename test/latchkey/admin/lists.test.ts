import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { invalid, refusalOf } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  for (let count = 0; count < 4; count += 1) {
    await signUp(app);
    await signIn(app.api, admin.email);
  }
});
afterAll(() => app[Symbol.asyncDispose]());

const get = (path: string) => app.api.get(path, { token: admin.accessToken });
const cursorOf = (key: string) => Buffer.from(key).toString('base64url');

const BY_ID = { foreign: 'admin', sorted: 'newest first' };
const BY_NAME = { foreign: '01890000-0000-7000-8000-000000000000', sorted: 'by name' };

describe.each([
  { name: 'of users', list: () => '/admin/users', key: 'id', ...BY_ID },
  {
    name: 'of a user’s sessions',
    list: () => `/admin/users/${admin.userId}/sessions`,
    key: 'id',
    ...BY_ID,
  },
  { name: 'of one’s own sessions', list: () => '/auth/sessions', key: 'id', ...BY_ID },
  { name: 'of audit events', list: () => '/admin/audit-events', key: 'id', ...BY_ID },
  { name: 'of roles', list: () => '/admin/roles', key: 'name', ...BY_NAME },
  { name: 'of permissions', list: () => '/admin/permissions', key: null, ...BY_NAME },
])('the list $name', ({ list, key, foreign, sorted }) => {
  const keysOf = (items: (string | Record<string, string>)[]) =>
    items.map((item) => (typeof item === 'string' ? item : (item[key ?? ''] ?? '')));

  it(`is cut into pages without gaps or repeats, ${sorted}`, async () => {
    const whole = await get(`${list()}?limit=100`);
    expect(whole.body.nextCursor).toBeNull();
    const expected = keysOf(whole.body.items);
    expect(expected.length).toBeGreaterThan(1);
    const inOrder = [...expected].sort();
    expect(expected).toEqual(sorted === 'by name' ? inOrder : inOrder.reverse());

    const walked: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { status, body } = await get(`${list()}?limit=2${query}`);
      expect(status).toBe(200);
      expect(Object.keys(body).sort()).toEqual(['items', 'nextCursor']);
      walked.push(...keysOf(body.items));
      cursor = body.nextCursor;
      expect(body.items).toHaveLength(cursor === null ? expected.length % 2 || 2 : 2);
    } while (cursor !== null);
    expect(walked).toEqual(expected);
  });

  it.each(['0', '-1', '101', '1.5', 'ten', '', '1&limit=2'])(
    'refuses the limit "%s"',
    async (limit) => {
      expect(refusalOf(await get(`${list()}?limit=${limit}`))).toEqual(invalid('limit'));
    },
  );

  it.each([
    ['of another list', cursorOf(foreign)],
    ['of SQL', cursorOf("' OR 1=1 --")],
    ['that is none', '***'],
    ['that is empty', ''],
    ['of NUL', cursorOf('\0')],
    ['beyond measure', 'A'.repeat(513)],
  ])('refuses a cursor %s', async (_, cursor) => {
    const path = `${list()}?cursor=${encodeURIComponent(cursor)}`;
    expect(refusalOf(await get(path))).toEqual(invalid('cursor'));
  });

  it('refuses a parameter that it does not know', async () => {
    expect(refusalOf(await get(`${list()}?offset=2`))).toEqual(invalid('offset'));
  });
});

it('a page has 20 items unless another number is asked for', async () => {
  for (let count = 0; count < 12; count += 1) await signIn(app.api, admin.email);
  const { body } = await get('/admin/audit-events');
  expect(body.items).toHaveLength(20);
  expect(body.nextCursor).toEqual(expect.any(String));
});
