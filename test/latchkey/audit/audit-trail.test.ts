import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANOMALIES } from '../../../src/latchkey/audit/anomalies.js';
import { LATCHKEY_AUDIT_ACTIONS } from '../../../src/latchkey/audit/audit-action.js';
import {
  PASSWORD,
  type SignedIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../../builders/accounts.js';
import { startTestApp } from '../../support/test-app.js';
import { eventsDuring, storedEvents } from './stored-events.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let as: { token: string };

beforeAll(async () => {
  app = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1', THROTTLING: 'off' });
  admin = await signUpAdmin(app);
  as = { token: admin.accessToken };
});
afterAll(() => app[Symbol.asyncDispose]());

const allEvents = () => storedEvents(app.stores);
const eventsOf = (act: () => Promise<unknown>) => eventsDuring(app.stores, act);

it('roles: what each may do, and since when', async () => {
  const path = '/admin/roles/audited';
  const events = await eventsOf(async () => {
    await app.api.post('/admin/roles', { name: 'audited', permissions: ['notes:read'] }, as);
    await app.api.patch(path, { permissions: ['notes:write'], description: 'Writes.' }, as);
    await app.api.delete(path, as);
  });
  expect(events.map(({ action, details }) => [action, details])).toEqual([
    ['role.created', { permissions: ['notes:read'], requiredAcr: null }],
    ['role.changed', { added: ['notes:write'], removed: ['notes:read'], describedAnew: true }],
    ['role.deleted', { permissions: ['notes:write'] }],
  ]);
  for (const { actor_id, target_id } of events) {
    expect([actor_id, target_id]).toEqual([admin.userId, 'audited']);
  }
});

it('an admin made by whoever runs the server', async () => {
  const [event] = await eventsOf(() => signUpAdmin(app));
  expect(event).toMatchObject({ action: 'admin.bootstrapped', actor_id: null, user_agent: null });
});

describe('an event is there exactly if the change is', () => {
  it('what is refused, and what changes nothing, leaves none', async () => {
    const user = await signUp(app);
    const own = `/admin/users/${user.userId}`;
    const asUser = { token: user.accessToken };
    const statuses: number[] = [];
    const events = await eventsOf(async () => {
      const { post, put, patch, delete: remove } = app.api;
      const answers = [
        await post('/admin/roles', { name: 'user', permissions: [] }, as),
        await patch('/admin/roles/admin', { permissions: [] }, as),
        await patch('/admin/roles/user', { permissions: [] }, as),
        await remove('/admin/roles/admin', as),
        await put(`${own}/roles`, { roles: ['nobody'] }, as),
        await put(`${own}/roles`, { roles: ['user'] }, as),
        await patch(own, { status: 'active', reason: 'again' }, as),
        await remove('/admin/sessions/01890000-0000-7000-8000-000000000000', as),
        await patch('/users/me', { name: null }, asUser),
        await patch(own, { status: 'disabled' }, asUser),
      ];
      statuses.push(...answers.map(({ status }) => status));
    });
    expect(statuses).toEqual([409, 409, 200, 409, 400, 200, 200, 404, 200, 403]);
    // That somebody was refused what they may not do is an event of its own.
    const ofChanges = events.filter(({ action }) => action !== 'access.refused');
    expect(ofChanges).toEqual([]);
  });

  it.each([
    ['user.registered', 'POST', '/auth/register', { email: uniqueEmail(), password: PASSWORD }],
    ['user.disabled', 'PATCH', '/admin/users/:id', { status: 'disabled' }],
    ['user.deleted', 'DELETE', '/admin/users/:id', undefined],
    ['user.roles_changed', 'PUT', '/admin/users/:id/roles', { roles: ['admin'] }],
    ['role.created', 'POST', '/admin/roles', { name: 'unrecorded', permissions: [] }],
    ['role.changed', 'PATCH', '/admin/roles/user', { permissions: ['*'] }],
    ['sessions.revoked', 'DELETE', '/admin/users/:id/sessions', undefined],
  ])('when %s cannot be written down, it does not happen', async (action, method, path, body) => {
    const user = await signUp(app);
    const state = () =>
      app.stores.query(`SELECT
        (SELECT jsonb_agg(u ORDER BY id) FROM users u) AS users,
        (SELECT jsonb_agg(h ORDER BY user_id, role_name) FROM user_roles h) AS held,
        (SELECT jsonb_agg(r ORDER BY name) FROM roles r) AS roles,
        (SELECT jsonb_agg(s ORDER BY id) FROM sessions s) AS sessions,
        (SELECT count(*)::int FROM revocation_log) AS revoked`);
    const before = await state();
    await app.stores.query(
      `ALTER TABLE audit_events ADD CONSTRAINT no CHECK (action <> '${action}') NOT VALID`,
    );
    const url = path.replace(':id', user.userId);
    const answer = await app.api.send(method, url, body, as).finally(async () => {
      await app.stores.query('ALTER TABLE audit_events DROP CONSTRAINT no');
    });
    expect(answer.status).toBe(500);
    expect(await state()).toEqual(before);
    expect((await app.api.get('/auth/me', { token: user.accessToken })).status).toBe(200);
  });

  it.each([
    ['users', 'POST', '/auth/register', { email: uniqueEmail(), password: PASSWORD }],
    ['sessions', 'POST', '/auth/login', { email: 'ada@trail.example', password: PASSWORD }],
    ['session_cutoffs', 'DELETE', '/admin/users/:id/sessions', undefined],
    ['users', 'PATCH', '/admin/users/:id', { status: 'disabled' }],
    ['users', 'DELETE', '/admin/users/:id', undefined],
    ['user_roles', 'PUT', '/admin/users/:id/roles', { roles: ['admin'] }],
    ['roles', 'POST', '/admin/roles', { name: 'uncommitted', permissions: [] }],
  ])('when a change of %s fails at its commit, none is left: %s %s', async (...change) => {
    const [table, method, path, body] = change;
    const user = await signUp(app, table === 'sessions' ? 'ada@trail.example' : uniqueEmail());
    await app.stores.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'not now'; END $$`);
    await app.stores.query(`CREATE CONSTRAINT TRIGGER refuse
      AFTER INSERT OR UPDATE OR DELETE ON ${table} DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const url = path.replace(':id', user.userId);
    let status = 0;
    const events = await eventsOf(async () => {
      ({ status } = await app.api.send(method, url, body, as));
    }).finally(() => app.stores.query('DROP FUNCTION refuse CASCADE'));
    expect(status).toBe(500);
    expect(events).toEqual([]);
    await app.api.delete(`/admin/users/${user.userId}`, as);
  });

  it('none is ever changed, and none removed that is younger than a day', async () => {
    const before = await allEvents();
    const update = app.stores.query(`UPDATE audit_events SET action = 'nothing'`);
    await expect(update).rejects.toThrow('audit events cannot be changed');
    for (const removal of ['DELETE FROM audit_events', 'TRUNCATE audit_events']) {
      const removed = app.stores.query(removal);
      await expect(removed).rejects.toThrow('cannot be removed before they are a day old');
    }
    expect(await allEvents()).toEqual(before);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const body = method === 'DELETE' ? undefined : {};
      expect((await app.api.send(method, '/admin/audit-events', body, as)).status).toBe(404);
    }
  });
});

describe('what comes from outside stays inside its record', () => {
  it('a reason with line breaks, escapes and separators', async () => {
    const { userId } = await signUp(app);
    const reason =
      'left\r\n{"action":"user.enabled"}\u2028\u001b[2K\u0085\t"; DROP TABLE users; --';
    const body = { status: 'disabled', reason };
    const events = await eventsOf(() => app.api.patch(`/admin/users/${userId}`, body, as));
    expect(events.map(({ action }) => action)).toEqual(['sessions.revoked', 'user.disabled']);
    expect(events[1]?.reason).toBe('left {"action":"user.enabled"} [2K "; DROP TABLE users; --');
  });

  it.each([
    ['control characters', 'evil\u0085second\u009bline\tthird', 'evil second line third'],
    ['markup', `<script>alert('x')</script>`, `<script>alert('x')</script>`],
    ['much of it', 'x'.repeat(5000), 'x'.repeat(512)],
  ])('a user agent of %s', async (_, sent, kept) => {
    const options = { token: admin.accessToken, headers: { 'User-Agent': sent } };
    const [event, ...others] = await eventsOf(() =>
      app.api.patch('/users/me', { name: `Ada ${sent.length} ${kept.length}` }, options),
    );
    expect(others).toEqual([]);
    expect(event?.user_agent).toBe(kept);
  });

  it.each([
    ["'; DROP TABLE users; --", '0.0.0.0'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8::7%eth0', '2001:db8::7'],
    ['198.51.100.9, 203.0.113.7', '203.0.113.7'],
  ])('an address of %s', async (forwarded, ip) => {
    const headers = { 'X-Forwarded-For': forwarded };
    const [event] = await eventsOf(() =>
      app.api.post('/auth/login', { email: uniqueEmail(), password: PASSWORD }, { headers }),
    );
    expect(event?.ip).toBe(ip);
  });
});

it('docs/audit.md lists every action and every anomaly that there is', async () => {
  const text = await readFile('docs/audit.md', 'utf8');
  const listed = [...text.matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual([...LATCHKEY_AUDIT_ACTIONS, ...ANOMALIES]);
});
