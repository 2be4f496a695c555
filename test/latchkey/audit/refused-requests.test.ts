/** Who was refused what (ASVS 16.3.1 to 16.3.3), in a trail that no flood of refusals makes grow. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RepeatedEvents } from '../../../src/latchkey/audit/repeated-events.js';
import {
  createRole,
  PASSWORD,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
  uniqueEmail,
} from '../../builders/accounts.js';
import { clientToken, createClient } from '../../builders/clients.js';
import { headersOf, TRUST_LOOPBACK } from '../../builders/places.js';
import { eventually } from '../../support/eventually.js';
import { startTestApp } from '../../support/test-app.js';

const FLOOD = 50;

interface Event {
  readonly actor_id: string | null;
  readonly ip: string;
  readonly details: { readonly count?: number; readonly code?: string; readonly route?: string };
}

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp(TRUST_LOOPBACK);
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const events = (action: string) =>
  app.stores.query<Event>(
    `SELECT actor_id, host(ip) AS ip, details FROM audit_events WHERE action = $1 ORDER BY id`,
    [action],
  );

/** As when an hour has gone by: what was counted in it is written. */
const endTheHour = () =>
  app.nest.get(RepeatedEvents, { strict: false }).sweep(Number.POSITIVE_INFINITY);

describe('a flood of refusals leaves two events', () => {
  beforeEach(endTheHour);

  it('for an administrator’s routes, with who it was, what and how often', async () => {
    const { userId, accessToken: token } = await signUp(app);
    const send = () =>
      app.api.patch(`/admin/users/${admin.userId}`, { status: 'disabled' }, { token });
    for (let turn = 0; turn < FLOOD; turn += 1) expect((await send()).status).toBe(403);
    await eventually(async () => expect(await events('access.refused')).toHaveLength(1), {
      within: 10,
    });
    await endTheHour();
    const details = { code: 'access.forbidden', method: 'PATCH', route: '/admin/users/:id' };
    expect(await events('access.refused')).toEqual([
      { actor_id: userId, ip: '127.0.0.1', details },
      { actor_id: userId, ip: '127.0.0.1', details: { ...details, count: FLOOD - 1 } },
    ]);
  });

  it('for forged tokens, with where they came from', async () => {
    const ip = '198.51.100.7';
    const forged = `${admin.accessToken.slice(0, -6)}AAAAAA`;
    const send = () => app.api.get('/users/me', { token: forged, headers: headersOf({ ip }) });
    for (let turn = 0; turn < 3; turn += 1) expect((await send()).status).toBe(401);
    const refresh = { refreshToken: `lkr_${'A'.repeat(92)}` };
    await app.api.post('/auth/refresh', refresh, { headers: headersOf({ ip }) });
    await endTheHour();
    const found = await events('token.forged');
    expect(found.map((event) => [event.ip, event.actor_id, event.details.count])).toEqual([
      [ip, null, undefined],
      [ip, null, 3],
    ]);
  });

  it('for what another site sends', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', ...headersOf({ ip: '198.51.100.8' }) };
    const body = { email: uniqueEmail(), password: PASSWORD };
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await app.api.post('/auth/login', body, { headers })).status).toBe(403);
    }
    await endTheHour();
    const found = await events('request.cross_site');
    expect(found.map(({ ip, details }) => [ip, details.route, details.count])).toEqual([
      ['198.51.100.8', '/auth/login', undefined],
      ['198.51.100.8', '/auth/login', 2],
    ]);
  });
});

it('an attempt to reach beyond oneself is put on record with who it was', async () => {
  await endTheHour();
  await createRole(app, admin, 'assigner', ['roles:assign']);
  const climber = await signUpWithRoles(app, admin, ['assigner']);
  const path = `/admin/users/${climber.userId}/roles`;
  await app.api.put(path, { roles: ['admin'] }, { token: climber.accessToken });
  await endTheHour();
  const found = await events('access.refused');
  expect(found.at(-1)).toMatchObject({
    actor_id: climber.userId,
    details: { code: 'roles.escalation', route: '/admin/users/:id/roles' },
  });
});

it('a service that signs in is put on record, at once and once more in the hour', async () => {
  const client = await createClient(app.api, admin);
  for (let turn = 0; turn < 4; turn += 1) await clientToken(app.api, client);
  await endTheHour();
  const found = await events('client.authenticated');
  expect(found.map((event) => [event.actor_id, event.details.count])).toEqual([
    [client.id, undefined],
    [client.id, 3],
  ]);
});

it('any number of addresses leaves a bounded number of events', async () => {
  await endTheHour();
  const [{ count: before } = { count: 0 }] = await app.stores.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM audit_events',
  );
  const repeated = app.nest.get(RepeatedEvents, { strict: false });
  for (let address = 0; address < 5_000; address += 1) {
    const ip = `2001:db8:${address.toString(16)}::1`;
    const actor = { userId: null, sessionId: null, ip, userAgent: null, requestId: 'flood' };
    repeated.record(ip, { action: 'token.forged', outcome: 'failure', actor });
  }
  await endTheHour();
  const [{ count: after } = { count: 0 }] = await app.stores.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM audit_events',
  );
  expect(after - before).toBeLessThanOrEqual(1_002);
  const [last] = (await events('token.forged')).slice(-1);
  expect(last?.details.count).toBe(5_000 - 1_001);
});
