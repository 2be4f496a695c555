import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
} from '../../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let as: { token: string };

beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  as = { token: admin.accessToken };
});
afterAll(() => app[Symbol.asyncDispose]());

const list = async (query: string): Promise<string[]> => {
  const { status, body } = await app.api.get(`/admin/users?${query}`, as);
  expect(status).toBe(200);
  return body.items.map(({ email }: { email: string }) => email);
};
const setStatus = (id: string, body: unknown) => app.api.patch(`/admin/users/${id}`, body, as);

it('an account is shown as its owner sees it, without its password', async () => {
  const user = await signUp(app);
  const own = await app.api.get('/users/me', { token: user.accessToken });
  const one = await app.api.get(`/admin/users/${user.userId}`, as);
  expect([one.status, one.body]).toEqual([200, { ...own.body, identities: [] }]);
  const { body } = await app.api.get(`/admin/users?email=${user.email}`, as);
  expect(body).toEqual({ items: [own.body], nextCursor: null });
});

describe('the list of accounts', () => {
  beforeAll(async () => {
    for (const name of ['Anna', 'annabel', 'bob_1', 'bobx1', '50%off', '50percent']) {
      await signUp(app, `${name}@list.example`);
    }
    const { accessToken: token } = await signIn(app.api, 'bobx1@list.example');
    await app.api.patch('/users/me', { name: 'Ada Lovelace' }, { token });
    await app.stores.query(
      `UPDATE sessions SET id = '${uuidv7({ msecs: Date.UTC(2021, 0, 1) })}', created_at = '2021-01-01'
       FROM users WHERE users.id = user_id AND email_key = 'annabel@list.example'`,
    );
    const bob = await signIn(app.api, 'bob_1@list.example');
    await setStatus(bob.userId, { status: 'disabled' });
  });

  it.each([
    ['email=ann', ['annabel@list.example', 'Anna@list.example']],
    ['email=ANNA%40', ['Anna@list.example']],
    ['email=bob_', ['bob_1@list.example']],
    ['email=50%25', ['50%off@list.example']],
    ['email=%25', []],
    ['email=\\', []],
    ['email=nobody', []],
    ['email=%27%20OR%201=1', []],
    ['search=NNA', ['annabel@list.example', 'Anna@list.example']],
    ['search=ob_1%40li', ['bob_1@list.example']],
    ['search=lovelace', ['bobx1@list.example']],
    ['search=%25%25%25', []],
    ['search=%27%20OR%201=1', []],
    ['search=list.example&signedInAfter=2100-01-01T00:00:00Z', []],
    ['search=list.example&signedInBefore=2020-01-01T00:00:00Z', []],
    ['search=annabel&signedInAfter=2021-01-01T00:00:00Z', ['annabel@list.example']],
    ['search=annabel&signedInAfter=2021-01-02T00:00:00Z', []],
    ['search=nnab&signedInBefore=2021-01-02T00:00:00Z', ['annabel@list.example']],
    ['status=disabled', ['bob_1@list.example']],
    ['email=bob&status=active', ['bobx1@list.example']],
  ])('%s', async (query, emails) => {
    expect(await list(query)).toEqual(emails);
  });

  it('a search reads nothing that awaits a vacuum: an account is in its index once it is stored', async () => {
    await signUp(app);
    expect(
      await app.stores.query(`SELECT gin_clean_pending_list('users_search_idx')::int AS pages`),
    ).toEqual([{ pages: 0 }]);
  });

  it.each([
    ['status=deleted', 'status'],
    ['email=a&email=b', 'email'],
    ['email=%00', 'email'],
    ['search=ab', 'search'],
    ['search=%00abc', 'search'],
    ['signedInAfter=yesterday', 'signedInAfter'],
    [`email=${'x'.repeat(255)}`, 'email'],
    ['name=Ada', 'name'],
  ])('refuses %s', async (query, field) => {
    expect(refusalOf(await app.api.get(`/admin/users?${query}`, as))).toEqual(invalid(field));
  });
});

describe('disabling and enabling an account', () => {
  it('ends its sessions at once, and keeps it out until it is enabled', async () => {
    const user = await signUp(app);
    const other = await signUp(app);
    const disabled = await setStatus(user.userId, { status: 'disabled', reason: 'left' });
    expect(disabled).toMatchObject({ status: 200, body: { id: user.userId, status: 'disabled' } });

    const me = await app.api.get('/auth/me', { token: user.accessToken });
    expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
    const { refreshToken } = user;
    const refresh = await app.api.post('/auth/refresh', { refreshToken });
    expect(refusalOf(refresh)).toEqual(refused(401, 'auth.session_revoked'));
    const login = { email: user.email, password: PASSWORD, delivery: 'body' };
    expect((await app.api.post('/auth/login', login)).status).toBe(401);
    expect((await app.api.get('/auth/me', { token: other.accessToken })).status).toBe(200);

    const enabled = await setStatus(user.userId, { status: 'active' });
    expect(enabled).toMatchObject({ status: 200, body: { status: 'active' } });
    expect((await app.api.get('/auth/me', { token: user.accessToken })).status).toBe(401);
    expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await app.api.post('/auth/login', login)).status).toBe(200);
  });

  it.each([
    [{ status: 'deleted' }, 'status'],
    [{ status: null }, 'status'],
    [{ status: ['active'] }, 'status'],
    [{ status: 'active', reason: null }, 'reason'],
    [{ status: 'active', reason: 7 }, 'reason'],
    [{ status: 'active', reason: 'x'.repeat(501) }, 'reason'],
    [{ status: 'active', email: 'new@example.com' }, 'email'],
    [{ status: 'active', roles: ['admin'] }, 'roles'],
    [{ status: 'active', password: PASSWORD }, 'password'],
  ])('refuses %j', async (body, field) => {
    expect(refusalOf(await setStatus(admin.userId, body))).toEqual(invalid(field));
  });
});

describe('deleting an account', () => {
  it('ends its sessions, forgets it and keeps what happened', async () => {
    const user = await signUp(app);
    const gone = await app.api.delete(`/admin/users/${user.userId}`, as);
    expect([gone.status, gone.text]).toEqual([204, '']);
    const me = await app.api.get('/auth/me', { token: user.accessToken });
    expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
    const { refreshToken } = user;
    expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
    const again = await app.api.delete(`/admin/users/${user.userId}`, as);
    expect(refusalOf(again)).toEqual(refused(404, 'users.not_found'));
    expect(await list(`email=${user.email}`)).toEqual([]);
    const events = await app.api.get(`/admin/audit-events?targetId=${user.userId}`, as);
    const actions = events.body.items.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(['user.deleted', 'sessions.revoked', 'user.registered']);
  });

  it('frees its address for a new account, which is another one', async () => {
    const user = await signUp(app);
    await app.api.delete(`/admin/users/${user.userId}`, as);
    const next = await signUp(app, user.email);
    expect(next.userId).not.toBe(user.userId);
    expect((await app.api.get('/auth/me', { token: user.accessToken })).status).toBe(401);
  });
});

describe.each([
  ['GET', '', undefined],
  ['PATCH', '', { status: 'disabled' }],
  ['DELETE', '', undefined],
  ['PUT', '/roles', { roles: ['user'] }],
])('%s /admin/users/:id%s', (method, suffix, body) => {
  const call = (id: string) =>
    app.api.send<Record<string, unknown>>(method, `/admin/users/${id}${suffix}`, body, as);

  it('knows no such user', async () => {
    expect(refusalOf(await call(uuidv7()))).toEqual(refused(404, 'users.not_found'));
  });

  it.each(['me', '1', '%00', "1'--", '00000000-0000-0000-0000-00000000000', `{${uuidv7()}}`])(
    'refuses the id %s',
    async (id) => {
      expect(refusalOf(await call(id))).toEqual(invalid('id'));
    },
  );
});
