import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../../../builders/accounts.js';
import { signInFrom, TRUST_LOOPBACK } from '../../../../builders/places.js';
import { startTestApp, type TestApp } from '../../../../support/test-app.js';

const REASON = 'Laptops were stolen.';
const APART_MILLISECONDS = 2;

let app: TestApp & AsyncDisposable;
let admin: SignedIn;

beforeAll(async () => {
  app = await startTestApp(TRUST_LOOPBACK);
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'editor', []);
  await createRole(app, admin, 'reader', ['sessions:read']);
});
beforeEach(async () => {
  await app.stores.query('DELETE FROM sessions');
  await app.stores.query('DELETE FROM session_cutoffs');
  admin = await signIn(app.api, admin.email);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

function revoke(filter: unknown, more: object = {}, token = admin.accessToken) {
  return app.api.post('/admin/sessions/revoke', { filter, reason: REASON, ...more }, { token });
}

/** Whether access and refresh tokens of a session are refused, both or neither. */
async function isOver({ accessToken, refreshToken }: SignedIn): Promise<boolean> {
  const access = await app.api.get('/auth/me', { token: accessToken });
  const refresh = await app.api.post('/auth/refresh', { refreshToken });
  if (access.status === 200 && refresh.status === 200) return false;
  expect(access.body.code).toBe('access.token_revoked');
  expect(refresh.body.code).toBe('auth.session_revoked');
  return true;
}

async function overOf(sessions: readonly SignedIn[]): Promise<boolean[]> {
  return Promise.all(sessions.map(isOver));
}

async function countRows(table: string): Promise<number> {
  const [row] = await app.stores.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${table}`,
  );
  return row?.count ?? -1;
}

async function snapshot(): Promise<unknown> {
  const tables = ['sessions', 'session_cutoffs', 'revocation_log', 'audit_events'];
  return Promise.all(tables.map((table) => app.stores.query(`SELECT * FROM ${table} ORDER BY 1`)));
}

/** What a filter selects of five sessions: Anna’s on a phone and a laptop, Bert’s, Cora’s. */
async function signInSome() {
  const anna = await signUp(app);
  const phone = await signInFrom(app.api, anna.email, {
    ip: '203.0.113.7',
    userAgent: 'Phone/1.0',
  });
  const bert = await signUp(app);
  const [now] = await app.stores.query<{ now: Date }>(
    `SELECT clock_timestamp() + interval '${APART_MILLISECONDS} ms' AS now`,
  );
  const cora = await signUp(app);
  await grantRoles(app, admin, bert.userId, ['editor']);
  const fresh = await signIn(app.api, bert.email);
  return { anna, phone, bert: fresh, cora, between: now?.now.toISOString() ?? '' };
}

type Some = Awaited<ReturnType<typeof signInSome>>;

describe('revoking by filter', () => {
  it.each<[string, (some: Some) => object, ('anna' | 'phone' | 'bert' | 'cora')[], number]>([
    ['a user', ({ anna }) => ({ userId: anna.userId.toUpperCase() }), ['anna', 'phone'], 2],
    ['a role', () => ({ role: 'editor' }), ['bert'], 2],
    ['an address', () => ({ ip: '203.0.113.7' }), ['phone'], 1],
    ['a range', () => ({ ip: '203.0.0.0/16' }), ['phone'], 1],
    ['a user agent', () => ({ userAgent: 'phone' }), ['phone'], 1],
    ['a moment', ({ between }) => ({ createdBefore: between }), ['anna', 'phone'], 4],
    [
      'a user and a moment',
      ({ between, bert }) => ({ userId: bert.userId, createdBefore: between }),
      [],
      1,
    ],
    [
      'a user and an address',
      ({ anna }) => ({ userId: anna.userId, ip: '127.0.0.1' }),
      ['anna'],
      1,
    ],
    [
      'a user and a role that it does not hold',
      ({ anna }) => ({ userId: anna.userId, role: 'editor' }),
      [],
      0,
    ],
    ['everyone', () => ({ all: true }), ['anna', 'phone', 'bert', 'cora'], 6],
  ])('by %s ends what it says and nothing else', async (_, filterOf, expected, matched) => {
    const some = await signInSome();
    const filter = filterOf(some);
    const before = await snapshot();
    const dry = await revoke(filter, { dryRun: true });
    expect([dry.status, dry.body]).toEqual([200, { matched, revoked: 0 }]);
    expect(await snapshot()).toEqual(before);

    const { status, body } = await revoke(filter);
    expect([status, body]).toEqual([200, { matched, revoked: matched }]);
    const names = ['anna', 'phone', 'bert', 'cora'] as const;
    const over = await overOf(names.map((name) => some[name]));
    expect(names.filter((_, index) => over[index])).toEqual(expected);
  });

  it('includes the caller’s own session', async () => {
    await revoke({ role: 'admin' });
    expect(await isOver(admin)).toBe(true);
  });

  it('is one audit event with the filter, the reason and the count', async () => {
    await signUp(app);
    const user = await signUp(app);
    const events = await countRows('audit_events');
    await revoke({ userId: user.userId });
    await revoke({ ip: '127.0.0.0/8', userAgent: 'node' });
    expect(await countRows('audit_events')).toBe(events + 2);
    const rows = await app.stores.query(
      `SELECT action, actor_id, target_type, target_id, reason, details FROM audit_events
       ORDER BY id DESC LIMIT 2`,
    );
    const event = { action: 'sessions.revoked', actor_id: admin.userId, reason: REASON };
    expect(rows).toEqual([
      {
        ...event,
        target_type: null,
        target_id: null,
        details: { filter: { ip: '127.0.0.0/8', userAgent: 'node' }, revoked: 2 },
      },
      {
        ...event,
        target_type: 'user',
        target_id: user.userId,
        details: { filter: { userId: user.userId }, revoked: 1 },
      },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['names nothing', {}, 'filter'],
    ['is missing', undefined, 'filter'],
    ['is null', null, 'filter'],
    ['is a list', [], 'filter'],
    ['says all and something else', { all: true, role: 'user' }, 'filter.all'],
    ['says all and a moment', { all: true, createdBefore: '2026-01-01' }, 'filter.all'],
    ['does not mean all', { all: false }, 'filter.all'],
    ['has a user that is null', { userId: null }, 'filter.userId'],
    ['has a role that is null', { role: null, ip: '10.0.0.1' }, 'filter.role'],
    ['has a wrong address', { ip: '10.0.0.0/40' }, 'filter.ip'],
    ['has a wrong time', { createdBefore: 'now' }, 'filter.createdBefore'],
    ['has an unknown condition', { email: 'a@example.com' }, 'filter.email'],
  ])('is refused when the filter %s', async (_, filter, field) => {
    const { status, body } = await revoke(filter);
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect(await isOver(admin)).toBe(false);
  });

  it.each([undefined, '', 'x'.repeat(501)])('is refused without a fit reason', async (reason) => {
    const { status, body } = await revoke({ all: true }, { reason });
    expect([status, body.errors[0].field]).toEqual([400, 'reason']);
  });

  it('needs sessions:revoke', async () => {
    const reader = await signUpWithRoles(app, admin, ['reader']);
    const { status, body } = await revoke({ all: true }, {}, reader.accessToken);
    expect([status, body.code]).toEqual([403, 'access.forbidden']);
    expect(await isOver(admin)).toBe(false);
  });

  it('takes no user id for everyone, and ends nothing that has not begun', async () => {
    const nobody = '00000000-0000-0000-0000-000000000000';
    expect((await revoke({ userId: nobody })).body).toEqual({ matched: 0, revoked: 0 });
    await app.api.delete(`/admin/users/${nobody}/sessions`, { token: admin.accessToken });
    expect(await isOver(admin)).toBe(false);
    expect((await revoke({ createdBefore: '2999-01-01T00:00:00Z' })).body.revoked).toBe(1);
    const fresh = await signIn(app.api, admin.email);
    expect(await isOver(fresh)).toBe(false);
  });
});
