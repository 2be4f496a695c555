import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../builders/accounts.js';
import { invalid, refusalOf } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import {
  describe as describeApi,
  EVERY_ROUTE,
  fillPath,
  type Route,
  routesOf,
} from './api-description.js';

const NOT_UUIDS = [
  'x',
  '0',
  "' OR 1=1 --",
  '0190f3c0-0000-7000-8000-00000000000',
  '0190f3c0-0000-7000-8000-0000000000000',
  'g190f3c0-0000-7000-8000-000000000000',
  '{0190f3c0-0000-7000-8000-000000000000}',
  'a\0b',
  '\u202e\u{1f511}',
];
const NOT_ROLE_NAMES = ['Admin', '7up', 'a b', 'a\0b', '__proto__', '\u{1f511}', "a'--"];

describe('a request to a bad address', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let admin: SignedIn;
  let routes: Route[];
  beforeAll(async () => {
    app = await startTestApp(EVERY_ROUTE);
    admin = await signUpAdmin(app);
    routes = routesOf(await describeApi(app.api));
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const get = (path: string) => app.api.get(path, { token: admin.accessToken });

  it.each([
    ['id', NOT_UUIDS],
    ['name', NOT_ROLE_NAMES],
  ])('is refused and {%s} named', async (name, values) => {
    const concerned = routes.filter(({ path }) => path.includes(`{${name}}`));
    expect(concerned.length).toBeGreaterThan(2);
    for (const route of concerned) {
      for (const value of values) {
        const path = fillPath(route, () => value);
        const answer = await app.api.send<Record<string, unknown>>(route.method, path, undefined, {
          token: admin.accessToken,
        });
        expect([path, refusalOf(answer)]).toEqual([path, invalid(name)]);
      }
    }
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=x',
    'limit=1&limit=2',
    'limit=',
  ])('is refused when a page is asked for with ?%s', async (query) => {
    const lists = routes.filter(({ parameters }) =>
      parameters?.some((parameter) => parameter.name === 'limit'),
    );
    expect(lists.length).toBeGreaterThan(5);
    for (const route of lists) {
      const path = fillPath(route, () => admin.userId);
      expect([path, refusalOf(await get(`${path}?${query}`))]).toEqual([path, invalid('limit')]);
    }
  });

  it.each(['x', '%00', 'bm90IGEga2V5', '%F0%9F%94%91', 'a'.repeat(513), 'x&cursor=y'])(
    'is refused when its cursor was made by nobody: %s',
    async (cursor) => {
      const lists = routes.filter(({ parameters }) =>
        parameters?.some((parameter) => parameter.name === 'cursor'),
      );
      for (const route of lists) {
        const path = fillPath(route, () => admin.userId);
        const answer = await get(`${path}?cursor=${cursor}`);
        expect([path, refusalOf(answer)]).toEqual([path, invalid('cursor')]);
      }
    },
  );

  it.each([
    ['/admin/users?status=asleep', 'status'],
    ['/admin/users?email=a%00b', 'email'],
    ['/admin/users?email=a&email=b', 'email'],
    [`/admin/users?email=${'a'.repeat(255)}`, 'email'],
    ['/admin/users?surprise=1', 'surprise'],
    ['/admin/users?email[$ne]=1', 'email[$ne]'],
    ['/admin/audit-events?actorId=x', 'actorId'],
    ['/admin/audit-events?targetId=a%00b', 'targetId'],
    ['/admin/audit-events?action=session.begun', 'action'],
    ['/admin/audit-events?from=yesterday', 'from'],
    ['/admin/audit-events?to=2026-02-30', 'to'],
  ])('is refused and the query field named: %s', async (path, field) => {
    expect(refusalOf(await get(path))).toEqual(invalid(field));
  });

  it.each(['/admin/roles/%ff', '/admin/users/%', '/%c0%ae'])(
    'cannot be read when it is no UTF-8: %s',
    async (path) => {
      expect(refusalOf(await get(path))).toMatchObject({ status: 400, code: 'request.malformed' });
    },
  );
});
