import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signIn, signUp, uniqueEmail } from '../../builders/accounts.js';
import { age, findSession, refresh } from '../../builders/sessions.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const DAY = 86_400;
const FIELDS = [
  'acr',
  'amr',
  'authTime',
  'clientId',
  'createdAt',
  'current',
  'expiresAt',
  'id',
  'ip',
  'lastUsedAt',
  'userAgent',
];

let app: TestApp & AsyncDisposable;
beforeAll(async () => {
  app = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(async () => app[Symbol.asyncDispose]());

const list = (token?: string, query = '') => app.api.get(`/auth/sessions${query}`, { token });
const end = (id: string, token?: string) => app.api.delete(`/auth/sessions/${id}`, { token });

describe('who am I', () => {
  it('is answered from the access token', async () => {
    const { userId, sessionId, accessToken } = await signUp(app);

    const { status, body } = await app.api.get('/auth/me', { token: accessToken });

    expect(status).toBe(200);
    expect(body).toEqual({
      userId,
      sessionId,
      roles: ['user'],
      permissions: [],
      withheld: [],
      acr: 'aal1',
      amr: ['pwd'],
      authTime: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
    });
    expect(Date.parse(body.expiresAt) - Date.parse(body.authTime)).toBe(900_000);
  });

  it('says when the user signed in, not when the session was refreshed', async () => {
    const { sessionId, refreshToken } = await signUp(app);
    await age(app.stores, sessionId, DAY);
    const { accessToken } = (await refresh(app.api, refreshToken)).body;

    const { body } = await app.api.get('/auth/me', { token: accessToken });

    expect(Date.now() - Date.parse(body.authTime)).toBeGreaterThan((DAY - 1) * 1000);
  });

  it('demands a signed-in caller', async () => {
    expect(refusalOf(await app.api.get('/auth/me'))).toEqual(
      refused(401, 'access.unauthenticated'),
    );
  });
});

describe('the list of one’s own sessions', () => {
  it('shows where each was last used, which is the caller’s, and no secret', async () => {
    const email = uniqueEmail();
    await signUp(app, email);
    const credentials = { email, password: PASSWORD, delivery: 'body' };
    const phone = await app.api.post('/auth/login', credentials, {
      headers: { 'User-Agent': 'Phone/1', 'X-Forwarded-For': '203.0.113.9' },
    });
    const moved = { 'User-Agent': 'Phone/2', 'X-Forwarded-For': '2001:db8::7' };
    await refresh(app.api, phone.body.refreshToken, { headers: moved });

    const { status, body, text } = await list(phone.body.accessToken);

    expect(status).toBe(200);
    expect(body.nextCursor).toBeNull();
    expect(body.items).toHaveLength(2);
    for (const item of body.items) expect(Object.keys(item).sort()).toEqual(FIELDS);
    expect(body.items[0]).toMatchObject({
      id: phone.body.sessionId,
      current: true,
      ip: '2001:db8::7',
      userAgent: 'Phone/2',
    });
    expect(body.items[1].current).toBe(false);
    expect(text).not.toContain('lkr_');
  });

  it('leaves out what has ended or expired, and what is somebody else’s', async () => {
    const caller = await signUp(app);
    const left = await signIn(app.api, caller.email);
    const expired = await signIn(app.api, caller.email);
    await signUp(app);
    await app.api.post('/auth/logout', { refreshToken: left.refreshToken });
    await age(app.stores, expired.sessionId, 7 * DAY);

    const { body } = await list(caller.accessToken);

    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([caller.sessionId]);
  });

  it('says when each ends: by rest, or at the latest a month after the sign-in', async () => {
    const caller = await signUp(app);
    const [before] = (await list(caller.accessToken)).body.items;
    expect(Date.parse(before.expiresAt) - Date.parse(before.lastUsedAt)).toBe(7 * DAY * 1000);

    await app.stores.query(
      `UPDATE sessions SET created_at = created_at - interval '29 days',
         expires_at = expires_at - interval '29 days' WHERE id = $1`,
      [caller.sessionId],
    );
    const [late] = (await list(caller.accessToken)).body.items;
    expect(Date.parse(late.expiresAt) - Date.parse(late.createdAt)).toBe(30 * DAY * 1000);
  });

  it('comes in pages, each session once', async () => {
    const caller = await signUp(app);
    for (let count = 1; count < 5; count++) await signIn(app.api, caller.email);
    const seen: string[] = [];
    let query = '?limit=2';
    for (let page = 0; page < 3; page++) {
      const { body } = await list(caller.accessToken, query);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      query = `?limit=2&cursor=${body.nextCursor}`;
      expect(body.nextCursor === null).toBe(page === 2);
    }

    expect(new Set(seen).size).toBe(5);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=101', 'limit'],
    ['?limit=ten', 'limit'],
    ['?cursor=nonsense', 'cursor'],
    ['?userId=somebody', 'userId'],
  ])('refuses %s', async (query, field) => {
    const { accessToken } = await signUp(app);

    expect(refusalOf(await list(accessToken, query))).toEqual(invalid(field));
  });

  it('demands a signed-in caller', async () => {
    expect(refusalOf(await list())).toEqual(refused(401, 'access.unauthenticated'));
  });
});

describe('ending one of one’s own sessions', () => {
  it('ends that one, and the caller’s own as well as another', async () => {
    const caller = await signUp(app);
    const other = await signIn(app.api, caller.email);

    for (const { sessionId, accessToken } of [other, caller]) {
      expect(await end(sessionId, caller.accessToken)).toMatchObject({ status: 204, text: '' });
      expect(refusalOf(await list(accessToken))).toEqual(refused(401, 'access.token_revoked'));
    }
  });

  it('is 404 for somebody else’s session, which goes on', async () => {
    const [caller, stranger] = [await signUp(app), await signUp(app)];

    expect(refusalOf(await end(stranger.sessionId, caller.accessToken))).toEqual(
      refused(404, 'sessions.not_found'),
    );

    expect(await findSession(app.stores, stranger.sessionId)).toMatchObject({ endReason: null });
    expect((await list(stranger.accessToken)).status).toBe(200);
  });

  it('is 404 for a session that has ended, or that there never was', async () => {
    const caller = await signUp(app);
    const ended = await signIn(app.api, caller.email);
    await end(ended.sessionId, caller.accessToken);

    for (const id of [ended.sessionId, randomUUID()]) {
      expect(refusalOf(await end(id, caller.accessToken))).toEqual(
        refused(404, 'sessions.not_found'),
      );
    }
  });

  it('is 400 for what is no id', async () => {
    const { accessToken } = await signUp(app);

    expect(refusalOf(await end('mine', accessToken))).toEqual(invalid('id'));
  });

  it('demands a signed-in caller', async () => {
    expect(refusalOf(await end(randomUUID()))).toEqual(refused(401, 'access.unauthenticated'));
  });
});
