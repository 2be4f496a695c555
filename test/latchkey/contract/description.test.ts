import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp } from '../../support/test-app.js';
import {
  type ApiDescription,
  describe as describeApi,
  EVERY_ROUTE,
  errorSchemaOf,
  type Route,
  routesOf,
} from './api-description.js';
import { isObject, resolve, type Schema, violations } from './json-schema.js';
import { openApi3 } from './open-api-3.js';

describe.each([
  ['with every route', EVERY_ROUTE],
  ['of what there is by default', {}],
])('the description of the API %s', (_, env) => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let description: ApiDescription;
  let routes: Route[];
  beforeAll(async () => {
    app = await startTestApp(env);
    description = await describeApi(app.api);
    routes = routesOf(description);
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it('is OpenAPI 3.0', () => {
    expect(violations({ $ref: '#/Document' }, description, openApi3)).toEqual([]);
  });

  it('refers to nothing that it lacks', () => {
    const references = referencesIn(description);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) expect(resolve(reference, description)).toBeDefined();
  });

  it('defines no schema that nothing uses', () => {
    const used = new Set(referencesIn(description).map((reference) => reference.split('/').at(-1)));
    expect([...used].sort()).toEqual(Object.keys(description.components.schemas).sort());
  });

  it('gives every operation an id of its own and a summary', () => {
    const ids = routes.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(routes.filter(({ summary }) => !summary).map(nameOf)).toEqual([]);
  });

  it('describes exactly the parameters that a path has', () => {
    for (const route of routes) {
      const described = (route.parameters ?? []).filter((parameter) => parameter.in === 'path');
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(described.map(({ name }) => name)).toEqual(inPath);
      for (const { required, description, schema } of described) {
        const isTold = required === true && Boolean(description) && Boolean(schema.type);
        expect([nameOf(route), isTold]).toEqual([nameOf(route), true]);
      }
    }
  });

  it('describes every body, and that it refuses what it does not name', () => {
    const bodies = routes.filter(({ requestBody }) => requestBody !== undefined);
    expect(bodies.length).toBeGreaterThan(8);
    for (const { path, requestBody } of bodies) {
      const [[type, { schema }] = ['', { schema: {} as Schema }]] = Object.entries(
        requestBody?.content ?? {},
      );
      const body = resolve(schema.$ref ?? '', description);
      // What OAuth does not know it ignores (RFC 6749 section 3.2, RFC 7591 section 2).
      const isOfOAuth = type !== 'application/json' || path === '/oauth/register';
      const refusesUnknown = isOfOAuth ? undefined : false;
      expect([schema.$ref, body.additionalProperties]).toEqual([schema.$ref, refusesUnknown]);
      expect(Object.keys(body.properties ?? {})).not.toEqual([]);
    }
  });

  it('describes what every answer holds, unless it is empty', () => {
    const undescribed = routes.flatMap((route) =>
      Object.entries(route.responses)
        .filter(([status, answer]) => !isEmpty(route, status, answer) && !hasSchema(answer.content))
        .map(([status]) => `${nameOf(route)} ${status}`),
    );
    expect(undescribed).toEqual([]);
  });

  it('declares for every error code a problem of its status, and no status without a code', () => {
    for (const route of routes) {
      const problems = Object.values(route.responses).flatMap(({ content }) => {
        const schema = errorSchemaOf(content);
        return schema?.allOf?.[1]?.properties?.code?.enum ?? [];
      });
      expect([nameOf(route), problems.sort()]).toEqual([nameOf(route), [...route['x-errors']]]);
    }
  });

  it('names for every route the ways to sign in that it has declared', () => {
    const declared = Object.keys(description.components.securitySchemes);
    for (const route of routes) {
      const named = route.security.flatMap((requirement) => Object.keys(requirement));
      expect(declared).toEqual(expect.arrayContaining(named));
      const isOpen = route.security.every((way) => Object.keys(way).length === 0);
      const nothingNeeded = isOpen || route.security.some((way) => Object.keys(way).length === 0);
      expect([nameOf(route), nothingNeeded]).toEqual([nameOf(route), route['x-public'] === true]);
    }
  });
});

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

/** RFC 7009 section 2.2: that a token is revoked is said by the status alone. */
function isEmpty(
  route: Route,
  status: string,
  { content, headers }: Route['responses'][string],
): boolean {
  const saysAllInHeaders =
    /^(200|303)$/.test(status) && content === undefined && headers !== undefined;
  const isRevocation = nameOf(route) === 'POST /oauth/revoke' && status === '200';
  return status === '204' || status === '303' || saysAllInHeaders || isRevocation;
}

function hasSchema(content: Route['responses'][string]['content']): boolean {
  const schemas = Object.values(content ?? {}).map(({ schema }) => schema);
  return schemas.length > 0 && schemas.every((schema) => Object.keys(schema ?? {}).length > 0);
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  if (typeof value.$ref === 'string') return [value.$ref];
  return Object.values(value).flatMap(referencesIn);
}
