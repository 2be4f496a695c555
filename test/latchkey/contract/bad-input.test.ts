import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { sampled } from '../../support/test-depth.js';
import {
  type ApiDescription,
  describe as describeApi,
  EVERY_ROUTE,
  jsonBodyOf,
  PROVIDER,
  type Route,
  routesOf,
} from './api-description.js';
import { exampleOf } from './example-of.js';
import { resolve, type Schema } from './json-schema.js';

/** Values of which none is a name, a list of names or one of a few words. */
const WRONG: readonly (readonly [string, unknown])[] = [
  ['a number', 7],
  ['a boolean', true],
  ['an object', { $ne: '' }],
  ['a list of lists', [['admin']]],
  ['a string of 7,000 characters', 'x'.repeat(7_000)],
  ['a string with NUL', 'a\0b@example.com'],
  ['half of a surrogate pair', 'a\ud800'],
];

/** In the words of OAuth, and what it does not know it ignores (RFC 7591 section 2). */
const IGNORES_UNKNOWN = '/oauth/register';

/** A share of the routes for each row of a table, so that every row and every route is asked about. */
const shareOf = (routes: readonly Route[], row: number, { length }: readonly unknown[]) =>
  sampled(routes, { oneIn: length, turn: row });
const numbered = <Row extends readonly unknown[]>(table: readonly Row[]) =>
  table.map((row, index) => [...row, index] as const);

const UNNAMED = [['surprise'], ['constructor'], ['roles'], ['emailVerified'], ['id']] as const;
const NO_OBJECTS = [
  ['a list', '[]'],
  ['a string', '"x"'],
  ['a number', '7'],
  ['true', 'true'],
] as const;
const UNREADABLE = [
  ['JSON that is cut off', '{"email":'],
  ['something else than JSON', 'email=ada'],
  ['a prototype', '{"__proto__":{"admin":true}}'],
  ['a constructor with a prototype', '{"constructor":{"prototype":{"admin":true}}}'],
] as const;
const TYPES = [
  ['text/plain'],
  ['application/x-www-form-urlencoded'],
  ['multipart/form-data; boundary=x'],
  ['application/xml'],
  ['application/jsonp'],
] as const;

/** Long, but for that like any other text. */
const isPlain = (text: string) => /^x+$/.test(text);

describe('a request with a bad body', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let description: ApiDescription;
  let admin: SignedIn;
  let user: SignedIn;
  let routes: Route[];
  /** Those that know their fields by name, each of a type. */
  let strict: Route[];
  let stored: unknown;
  beforeAll(async () => {
    app = await startTestApp(EVERY_ROUTE);
    description = await describeApi(app.api);
    admin = await signUpAdmin(app);
    user = await signUp(app);
    routes = routesOf(description).filter((route) => jsonBodyOf(route) !== undefined);
    strict = routes.filter(({ path }) => path !== IGNORES_UNKNOWN);
    stored = await everythingStored();
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const bodyOf = (route: Route): Schema => resolve(jsonBodyOf(route)?.$ref ?? '', description);

  const send = (route: Route, body: unknown, headers?: Record<string, string>) => {
    const path = route.path
      .replace('{id}', user.userId)
      .replace('{name}', 'admin')
      .replace('{provider}', PROVIDER)
      .replace('{kid}', 'k'.repeat(43));
    return app.api.send<Record<string, unknown>>(route.method, path, body, {
      token: admin.accessToken,
      headers,
    });
  };

  /** Failed sign-ins are told apart from the rest: they alone are recorded. */
  const everythingStored = () =>
    app.stores.query(`
      SELECT (SELECT json_agg(u ORDER BY id) FROM users u)::text AS users,
        (SELECT json_agg(r ORDER BY name) FROM roles r)::text AS roles,
        (SELECT json_agg(s ORDER BY id) FROM sessions s)::text AS sessions,
        (SELECT count(*) FROM audit_events)::text AS events`);

  it.each(numbered(WRONG))('is refused and the field named: %s', async (_, value, row) => {
    for (const route of shareOf(strict, row, WRONG)) {
      const schema = bodyOf(route);
      const example = Object(exampleOf(schema, description));
      for (const [field, property] of Object.entries(schema.properties ?? {})) {
        if (property.type === 'boolean' && typeof value === 'boolean') continue;
        if (property.type === 'integer' && typeof value === 'number') continue;
        if (property.type === 'object' && !Array.isArray(value) && typeof value === 'object')
          continue;
        if (
          typeof value === 'string' &&
          value.length <= (property.maxLength ?? 0) &&
          isPlain(value)
        )
          continue;
        const answer = await send(route, { ...example, [field]: value });
        const { status, code, fields } = refusalOf(answer);
        expect([route.path, field, status, code]).toEqual([
          route.path,
          field,
          400,
          'request.invalid',
        ]);
        expect(fields.map((named) => named.split('.')[0])).toContain(field);
      }
    }
    expect(await everythingStored()).toEqual(stored);
  });

  it('is refused when a field is missing, and every missing one is named', async () => {
    for (const route of strict) {
      const { required = [] } = bodyOf(route);
      if (required.length === 0) continue;
      expect(refusalOf(await send(route, {}))).toEqual(invalid(...required));
    }
    expect(await everythingStored()).toEqual(stored);
  });

  it.each(numbered(UNNAMED))(
    'is refused when it has a field that is not named: %s',
    async (field, row) => {
      for (const route of shareOf(strict, row, UNNAMED)) {
        const schema = bodyOf(route);
        if (Object.hasOwn(schema.properties ?? {}, field)) continue;
        const example = Object(exampleOf(schema, description));
        const answer = await send(route, { ...example, [field]: 'x' });
        expect([route.path, refusalOf(answer)]).toEqual([route.path, invalid(field)]);
      }
      expect(await everythingStored()).toEqual(stored);
    },
  );

  it.each(numbered(NO_OBJECTS))('is refused when it is no object: %s', async (_, text, row) => {
    for (const route of shareOf(routes, row, NO_OBJECTS)) {
      const answer = await send(route, text);
      expect([route.path, refusalOf(answer)]).toEqual([
        route.path,
        refused(400, 'request.malformed'),
      ]);
    }
    expect(await everythingStored()).toEqual(stored);
  });

  it.each(numbered(UNREADABLE))('cannot be read when it is %s', async (_, text, row) => {
    for (const route of shareOf(routes, row, UNREADABLE)) {
      const answer = await send(route, text);
      expect([route.path, refusalOf(answer)]).toEqual([
        route.path,
        refused(400, 'request.malformed'),
      ]);
    }
    expect(await everythingStored()).toEqual(stored);
  });

  it.each(numbered(TYPES))('is refused when its type is %s', async (type, row) => {
    for (const route of shareOf(routes, row, TYPES)) {
      const answer = await send(route, '{}', { 'Content-Type': type });
      expect([route.path, refusalOf(answer)]).toEqual([
        route.path,
        refused(415, 'request.unsupported_media_type'),
      ]);
    }
    expect(await everythingStored()).toEqual(stored);
  });

  it('is refused unread when it is too large', async () => {
    for (const route of routes) {
      const answer = await send(route, { email: 'x'.repeat(70_000) });
      expect([route.path, refusalOf(answer)]).toEqual([
        route.path,
        refused(413, 'request.too_large'),
      ]);
    }
    expect(await everythingStored()).toEqual(stored);
  });
});
