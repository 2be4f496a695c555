import fc from 'fast-check';
import { type ApiDescription, fillPath, jsonBodyOf, type Route } from './api-description.js';
import { resolve, type Schema } from './json-schema.js';

export interface RandomRequest {
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** UTF-16 code units of which many are halves of surrogate pairs. */
const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })), {
    maxLength: 20,
  })
  .map((units) => String.fromCharCode(...units));

const anyText = fc.oneof(
  fc.constantFrom('', '\0', '__proto__', '2026-02-30', '1e999', "'; DROP TABLE users --"),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ minLength: 1, maxLength: 3 }).map((text) => text.repeat(2_000)),
  anyUnits,
);

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.bigInt().map(Number),
  anyText,
);

/** Fetch resolves the dots itself, which leads to another route. */
const anySegment = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .filter((text) => text !== '.' && text !== '..');

/** Requests to a route of which each part is right, nearly right or anything at all. */
export function randomRequests(
  route: Route,
  description: ApiDescription,
  known: readonly string[],
): fc.Arbitrary<RandomRequest> {
  const segment = fc.oneof(fc.constantFrom('admin', 'user', ...known), fc.uuid(), anySegment);
  const schema = jsonBodyOf(route);
  return fc
    .record({
      segments: fc.array(segment, { minLength: 2, maxLength: 2 }),
      query: queryOf(route, known),
      body:
        schema === undefined ? fc.constant(undefined) : bodyOf(resolveBody(schema, description)),
      headers: anyHeaders,
    })
    .map(({ segments: [first = 'x'], query, body, headers }) => ({
      path: fillPath(route, () => first) + (query === '' ? '' : `?${query}`),
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers,
    }));
}

const anyHeaders = fc.record(
  {
    Cookie: fc.string({ maxLength: 60 }).map((text) => `__Host-latchkey=${headerSafe(text)}`),
    Origin: fc.constantFrom('null', 'https://evil.example', 'x'),
    'User-Agent': fc.string({ maxLength: 600 }).map(headerSafe),
    'X-Forwarded-For': fc.string({ maxLength: 40 }).map(headerSafe),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, string>>;

function queryOf({ parameters = [] }: Route, known: readonly string[]): fc.Arbitrary<string> {
  const names = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const value = fc.oneof(
    fc.constantFrom('1', '0', '-1', 'active', '2026-01-01', ...known),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  const name = fc.oneof(fc.constantFrom('limit', ...names), fc.string({ maxLength: 5 }));
  return fc
    .array(fc.tuple(name, value), { maxLength: 4 })
    .map((pairs) => new URLSearchParams(pairs).toString());
}

function resolveBody(schema: Schema, description: ApiDescription): Schema {
  return schema.$ref === undefined ? schema : resolve(schema.$ref, description);
}

/** An object with the right fields and random values, some of them right; or any JSON; or none. */
function bodyOf(schema: Schema): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(([name, { example, ...property }]) => [
    name,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(example ?? property.default ?? null) },
      { weight: 3, arbitrary: anyText },
      { weight: 1, arbitrary: anyJson },
      { weight: 1, arbitrary: fc.array(anyText) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  ]);
  const nearly = fc.record(Object.fromEntries(fields));
  const broken = fc.string({ maxLength: 30 });
  return fc.oneof(
    { weight: 6, arbitrary: nearly },
    { weight: 1, arbitrary: anyJson.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: broken },
  );
}

function headerSafe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '').trim();
}
