import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { age } from '../../builders/sessions.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let user: SignedIn;

beforeAll(async () => {
  app = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1' });
  admin = await signUpAdmin(app);
  user = await signUp(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const FROM_AFAR = { 'User-Agent': 'audited/1.0', 'X-Forwarded-For': '203.0.113.7' };
const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

const send = (method: string, path: string, body?: unknown, by?: SignedIn) =>
  app.api.send<Record<string, string>>(method, path, body, {
    token: by?.accessToken,
    headers: FROM_AFAR,
  });
const put = (path: string, body: unknown) => send('PUT', path, body, admin);

async function newest(action: string): Promise<Record<string, unknown>> {
  const path = `/admin/audit-events?limit=1&action=${action}`;
  const { body } = await app.api.get(path, { token: admin.accessToken });
  return body.items[0];
}

/** What the action says of itself. The rest is the same of all: see below. */
interface Told {
  readonly by: SignedIn | null;
  readonly to: readonly [type: 'user' | 'session' | 'role', id: string] | null;
  readonly session?: string | null;
  readonly outcome?: 'failure';
  readonly reason?: string;
  readonly details?: Record<string, unknown>;
  readonly anomalies?: string[];
}

const ACTIONS: [action: string, act: () => Promise<Told>][] = [
  [
    'user.registered',
    async () => {
      const email = `${uuidv7()}@example.com`;
      await send('POST', '/auth/register', { email, password: PASSWORD });
      const { userId } = await signIn(app.api, email);
      return { by: null, to: ['user', userId] };
    },
  ],
  [
    'registration.failed',
    async () => {
      await send('POST', '/auth/register', { email: user.email, password: PASSWORD });
      const to = ['user', user.userId] as const;
      return { by: null, to, outcome: 'failure', reason: 'email_taken' };
    },
  ],
  [
    'session.started',
    async () => {
      const body = { email: user.email, password: PASSWORD, delivery: 'body' };
      const session = (await send('POST', '/auth/login', body)).body.sessionId ?? '';
      const details = { methods: ['pwd'], acr: 'aal1' };
      const anomalies = ['new_device'];
      return { by: user, to: ['session', session], session, details, anomalies };
    },
  ],
  [
    'session.ended',
    async () => {
      const session = await signIn(app.api, user.email);
      await send('POST', '/auth/logout', undefined, session);
      const details = { userId: user.userId };
      return { by: session, to: ['session', session.sessionId], reason: 'logout', details };
    },
  ],
  [
    'session.ended',
    async () => {
      const { sessionId } = await signIn(app.api, user.email);
      await send('DELETE', `/admin/sessions/${sessionId}`, undefined, admin);
      const details = { userId: user.userId };
      return { by: admin, to: ['session', sessionId], reason: 'admin', details };
    },
  ],
  [
    'session.refresh_reused',
    async () => {
      const { refreshToken, sessionId } = await signIn(app.api, user.email);
      await app.api.post('/auth/refresh', { refreshToken });
      await age(app.stores, sessionId, 3_600);
      await send('POST', '/auth/refresh', { refreshToken });
      const details = { userId: user.userId, lastIp: '127.0.0.1', lastUserAgent: 'node' };
      const anomalies = ['refresh_reuse'];
      const to = ['session', sessionId] as const;
      return { by: null, to, reason: 'refresh_reused', details, anomalies };
    },
  ],
  [
    'session.refresh_repeated',
    async () => {
      const { refreshToken, sessionId } = await signIn(app.api, user.email);
      await app.api.post('/auth/refresh', { refreshToken });
      await send('POST', '/auth/refresh', { refreshToken });
      const details = { userId: user.userId, lastIp: '127.0.0.1', lastUserAgent: 'node' };
      const anomalies = ['refresh_elsewhere'];
      return { by: null, to: ['session', sessionId], details, anomalies };
    },
  ],
  [
    'session.refresh_recovered',
    async () => {
      const { refreshToken, sessionId } = await signIn(app.api, user.email);
      await app.api.post('/auth/refresh', { refreshToken });
      await age(app.stores, sessionId, 60);
      await send('POST', '/auth/refresh', { refreshToken });
      const details = { userId: user.userId, lastIp: '127.0.0.1', lastUserAgent: 'node' };
      const anomalies = ['refresh_elsewhere'];
      return { by: null, to: ['session', sessionId], details, anomalies };
    },
  ],
  [
    'sessions.revoked',
    async () => {
      const other = await signUp(app);
      await signIn(app.api, other.email);
      await send('POST', '/auth/logout-all', undefined, other);
      const details = { revoked: 2 };
      return { by: other, to: ['user', other.userId], reason: 'logout_all', details };
    },
  ],
  [
    'sessions.revoked',
    async () => {
      const { userId } = await signUp(app);
      await send('DELETE', `/admin/users/${userId}/sessions`, undefined, admin);
      return { by: admin, to: ['user', userId], reason: 'admin', details: { revoked: 1 } };
    },
  ],
  [
    'sign_in.failed',
    async () => {
      await send('POST', '/auth/login', { email: user.email, password: `${PASSWORD}!` });
      const to = ['user', user.userId] as const;
      return { by: null, to, outcome: 'failure', reason: 'wrong_password' };
    },
  ],
  [
    'user.password_changed',
    async () => {
      const other = await signUp(app);
      const body = { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` };
      await send('POST', '/auth/password/change', body, other);
      return { by: other, to: ['user', other.userId] };
    },
  ],
  [
    'user.password_changed',
    async () => {
      const body = { currentPassword: `${PASSWORD}?`, newPassword: `${PASSWORD}!` };
      await send('POST', '/auth/password/change', body, user);
      const to = ['user', user.userId] as const;
      return { by: user, to, outcome: 'failure', reason: 'wrong_password' };
    },
  ],
  [
    'user.profile_changed',
    async () => {
      await send('PATCH', '/users/me', { name: `Ada ${uuidv7()}` }, user);
      return { by: user, to: ['user', user.userId], details: { fields: ['name'] } };
    },
  ],
  ...(['disabled', 'active'] as const).map((status): [string, () => Promise<Told>] => [
    status === 'active' ? 'user.enabled' : 'user.disabled',
    async () => {
      const { userId } = await signUp(app);
      for (const next of ['disabled', status]) {
        const body = { status: next, reason: `because of ${next}` };
        await send('PATCH', `/admin/users/${userId}`, body, admin);
      }
      return { by: admin, to: ['user', userId], reason: `because of ${status}` };
    },
  ]),
  [
    'user.deleted',
    async () => {
      const { userId } = await signUp(app);
      await send('DELETE', `/admin/users/${userId}`, undefined, admin);
      return { by: admin, to: ['user', userId] };
    },
  ],
  [
    'user.roles_changed',
    async () => {
      const { userId } = await signUp(app);
      await put(`/admin/users/${userId}/roles`, { roles: ['admin'] });
      const details = { given: ['admin'], taken: ['user'] };
      return { by: admin, to: ['user', userId], details };
    },
  ],
];

describe('who did what to whom, where from and how it ended is on record', () => {
  it.each(ACTIONS)('%s (%#)', async (action, act) => {
    const { by, to, session, outcome = 'success', reason = null, ...more } = await act();
    const { details = {}, anomalies = [] } = more;
    expect(await newest(action)).toEqual({
      id: UUID,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      action,
      outcome,
      actorId: by?.userId ?? null,
      targetType: to?.[0] ?? null,
      targetId: to?.[1] ?? null,
      sessionId: session ?? by?.sessionId ?? null,
      ip: '203.0.113.7',
      userAgent: 'audited/1.0',
      requestId: UUID,
      reason,
      details,
      anomalies,
    });
  });
});
