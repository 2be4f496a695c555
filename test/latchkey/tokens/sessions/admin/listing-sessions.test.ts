import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signUp,
  signUpAdmin,
} from '../../../../builders/accounts.js';
import { headersOf, signInFrom, TRUST_LOOPBACK } from '../../../../builders/places.js';
import { storeSessions } from '../../../../builders/stored-sessions.js';
import { startTestApp, type TestApp } from '../../../../support/test-app.js';

let app: TestApp & AsyncDisposable;
let admin: SignedIn;
let anna: SignedIn;
let bert: SignedIn;
let phone: SignedIn;

beforeAll(async () => {
  app = await startTestApp(TRUST_LOOPBACK);
  admin = await signUpAdmin(app);
  anna = await signUp(app);
  bert = await signUp(app);
  phone = await signInFrom(app.api, anna.email, { ip: '203.0.113.7', userAgent: 'Phone/1.0' });
  await createRole(app, admin, 'editor', []);
  await grantRoles(app, admin, bert.userId, ['editor']);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

async function list(query: Record<string, string>, token = admin.accessToken) {
  const answer = await app.api.get(`/admin/sessions?${new URLSearchParams(query)}`, { token });
  return { ...answer, ids: answer.body.items?.map(({ id }: { id: string }) => id) };
}

describe('the list of sessions', () => {
  it('shows every live session, the newest first, and no token material', async () => {
    const { status, body, ids, text } = await list({});
    expect(status).toBe(200);
    expect(ids).toEqual([phone, bert, anna, admin].map(({ sessionId }) => sessionId));
    expect(body.items[0]).toEqual({
      id: phone.sessionId,
      userId: anna.userId,
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
      expiresAt: expect.any(String),
      ip: '203.0.113.7',
      userAgent: 'Phone/1.0',
      createdIp: '203.0.113.7',
      createdUserAgent: 'Phone/1.0',
      state: 'live',
      endedAt: null,
      endReason: null,
      acr: 'aal1',
      amr: ['pwd'],
      authTime: expect.any(String),
      clientId: null,
    });
    expect(text).not.toContain('lkr_');
  });

  it.each<[string, () => Record<string, string>, () => SignedIn[]]>([
    ['the user', () => ({ userId: anna.userId.toUpperCase() }), () => [phone, anna]],
    ['a role', () => ({ role: 'editor' }), () => [bert]],
    ['a role that nobody holds', () => ({ role: 'nobody' }), () => []],
    ['an address', () => ({ ip: '203.0.113.7' }), () => [phone]],
    ['an address written as IPv6', () => ({ ip: '::ffff:203.0.113.7' }), () => [phone]],
    ['a range', () => ({ ip: '203.0.113.0/24' }), () => [phone]],
    ['another range', () => ({ ip: '203.0.112.0/24' }), () => []],
    ['part of the user agent, in any case', () => ({ userAgent: 'pHONE' }), () => [phone]],
    ['what would be a pattern', () => ({ userAgent: '%' }), () => []],
    ['the user and the address', () => ({ userId: bert.userId, ip: '203.0.113.7' }), () => []],
    ['a time long ago', () => ({ createdBefore: '2020-01-01' }), () => []],
    ['a time to come', () => ({ createdAfter: '2999-01-01' }), () => []],
  ])('is narrowed by %s', async (_, query, expected) => {
    const { status, ids } = await list(query());
    expect(status).toBe(200);
    expect(ids).toEqual(expected().map(({ sessionId }) => sessionId));
  });

  it('divides at a moment: what began at it is after, not before', async () => {
    const { body } = await list({ userId: bert.userId });
    const { createdAt, id } = body.items[0];
    const before = await list({ createdBefore: createdAt });
    const after = await list({ createdAfter: createdAt });
    expect(after.ids).toContain(id);
    expect(before.ids).not.toContain(id);
    expect(before.ids.length + after.ids.length).toBe(4);
  });

  it('finds a session by where it was last used and by where it was started', async () => {
    const user = await signUp(app);
    await app.api.post(
      '/auth/refresh',
      { refreshToken: user.refreshToken },
      { headers: headersOf({ ip: '2001:db8::5', userAgent: 'Thief/9' }) },
    );
    const { userId } = user;
    expect((await list({ userId, ip: '2001:db8::/32' })).ids).toEqual([user.sessionId]);
    expect((await list({ userId, ip: '127.0.0.1' })).ids).toEqual([user.sessionId]);
    expect((await list({ userId, userAgent: 'thief' })).ids).toEqual([user.sessionId]);
    expect((await list({ userId, userAgent: 'node' })).ids).toEqual([user.sessionId]);
  });

  it('is cut into pages by key', async () => {
    const user = await signUp(app);
    const ids = await storeSessions(app.stores, { userId: user.userId, count: 5 });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query = { userId: user.userId, limit: '2', ...(cursor !== null && { cursor }) };
      const page = await list(query);
      seen.push(...page.ids);
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([user.sessionId, ...ids.reverse()]);
  });

  it.each([
    ['userId', 'me'],
    ['ip', '203.0.113.300'],
    ['ip', '203.0.113.0/33'],
    ['ip', 'fe80::1%eth0'],
    ['ip', ''],
    ['createdBefore', 'yesterday'],
    ['createdAfter', '2026-02-30'],
    ['state', 'dead'],
    ['userAgent', ''],
    ['role', ''],
    ['cursor', 'nonsense'],
  ])('refuses %s=%s and names it', async (field, value) => {
    const { status, body } = await list({ [field]: value });
    expect(status).toBe(400);
    expect(body.code).toBe('request.invalid');
    expect(body.errors[0].field).toBe(field);
  });

  it('needs sessions:read', async () => {
    const { status, body } = await list({}, anna.accessToken);
    expect([status, body.code]).toEqual([403, 'access.forbidden']);
  });
});

describe('the state of a session', () => {
  it('is "ended" or "expired" with when and why, stored already or not', async () => {
    const user = await signUp(app);
    const { userId } = user;
    const [expired] = await storeSessions(app.stores, { userId, count: 1, secondsAgo: 700_000 });
    const token = admin.accessToken;
    await app.api.delete(`/admin/sessions/${user.sessionId}`, { token });
    const other = await signInFrom(app.api, user.email, {});
    await app.api.delete(`/admin/users/${userId}/sessions`, { token });
    const current = await signInFrom(app.api, user.email, {});

    const ended = await list({ userId, state: 'ended' });
    expect(ended.ids).toEqual([other.sessionId, user.sessionId]);
    for (const session of ended.body.items) {
      expect(session).toMatchObject({ state: 'ended', endReason: 'admin' });
      expect(Date.now() - Date.parse(session.endedAt)).toBeLessThan(60_000);
    }
    const over = await list({ userId, state: 'expired' });
    expect(over.ids).toEqual([expired]);
    expect(over.body.items[0]).toMatchObject({ endReason: 'expired' });
    expect(over.body.items[0].endedAt).toBe(over.body.items[0].expiresAt);
    expect((await list({ userId })).ids).toEqual([current.sessionId]);
  });
});

describe('among very many sessions', () => {
  it('a page may be empty and still lead on to what is asked for', async () => {
    const crowd = await signUp(app);
    const rare = await signInFrom(app.api, crowd.email, { ip: '198.51.100.77' });
    await app.stores.query(
      `UPDATE sessions SET id = overlay(id::text placing '0190' from 1)::uuid WHERE id = $1`,
      [rare.sessionId],
    );
    await storeSessions(app.stores, { userId: crowd.userId, count: 10_000, secondsAgo: -1 });
    const first = await list({ ip: '198.51.100.77' });
    expect(first.ids).toEqual([]);
    expect(first.body.nextCursor).toEqual(expect.any(String));
    const second = await list({ ip: '198.51.100.77', cursor: first.body.nextCursor });
    expect(second.ids).toHaveLength(1);
    expect(second.body.nextCursor).toBeNull();
  });
});
