import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { invalid, refusalOf } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let user: SignedIn;
/** A moment between two events. */
let noon: string;

beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  user = await signUp(app);
  const change = (status: string) =>
    app.api.patch(`/admin/users/${user.userId}`, { status }, { token: admin.accessToken });
  await change('disabled');
  const [now] = await app.stores.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  // The next whole millisecond: the database counts microseconds.
  noon = new Date((now?.at.getTime() ?? 0) + 1).toISOString();
  await app.stores.query('SELECT pg_sleep(0.002)');
  await change('active');
});
afterAll(() => app[Symbol.asyncDispose]());

const get = (query: string) =>
  app.api.get(`/admin/audit-events?${query}`, { token: admin.accessToken });

async function actions(query: string): Promise<string[]> {
  const { status, body } = await get(query);
  expect(status).toBe(200);
  return body.items.map(({ action }: { action: string }) => action);
}

const ABOUT_USER = ['user.enabled', 'user.disabled', 'sessions.revoked', 'user.registered'];

describe('events are found, newest first,', () => {
  it('by whom they were done to', async () => {
    expect(await actions(`targetId=${user.userId}`)).toEqual(ABOUT_USER);
    expect(await actions(`targetId=${user.sessionId}`)).toEqual(['session.started']);
    expect(await actions('targetId=nobody')).toEqual([]);
  });

  it('by who did them, however the id is written', async () => {
    const done = ['user.enabled', 'user.disabled', 'sessions.revoked', 'session.started'];
    expect(await actions(`actorId=${admin.userId}`)).toEqual(done);
    expect(await actions(`actorId=${admin.userId.toUpperCase()}`)).toEqual(done);
    expect(await actions(`actorId=${user.userId}`)).toEqual(['session.started']);
  });

  it('by what was done', async () => {
    expect(await actions('action=session.started')).toEqual(['session.started', 'session.started']);
    expect(await actions('action=role.deleted')).toEqual([]);
  });

  it('by when: from a moment on, and before one', async () => {
    const whole = await actions('');
    expect(await actions(`from=${noon}`)).toEqual(['user.enabled']);
    expect(await actions(`to=${noon}`)).toEqual(whole.slice(1));
    expect(await actions(`from=${noon}&to=${noon}`)).toEqual([]);
    const east = new Date(Date.parse(noon) + 7_200_000).toISOString().replace('Z', '%2B02:00');
    expect(await actions(`from=${east}`)).toEqual(['user.enabled']);
    expect(await actions('from=2020-01-01&to=2999-12-31')).toEqual(whole);
    expect(await actions('to=2020-01-01')).toEqual([]);
  });

  it('by all of it together, page by page', async () => {
    const query = `targetId=${user.userId}&actorId=${admin.userId}&to=${noon}&limit=1`;
    const first = await get(query);
    expect(first.body.items).toMatchObject([{ action: 'user.disabled' }]);
    const second = await get(`${query}&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({
      items: [{ action: 'sessions.revoked' }],
      nextCursor: null,
    });
  });
});

it.each([
  ['actorId', 'me'],
  ['actorId', ''],
  ['targetId', ''],
  ['targetId', 'x'.repeat(201)],
  ['targetId', '%00'],
  ['action', 'user.promoted'],
  ['action', 'constructor'],
  ['action', ''],
  ['anomaly', 'odd'],
  ['from', 'yesterday'],
  ['from', '2026-02-30'],
  ['from', '1767225600'],
  ['to', '2026-01-01T00:00:00'],
  ['to', "2026-01-01'"],
  ['to', 'infinity'],
  ['outcome', 'failure'],
])('events cannot be asked for by %s=%s', async (field, value) => {
  expect(refusalOf(await get(`${field}=${value}`))).toEqual(invalid(field));
});
