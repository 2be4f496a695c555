import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import type { Answer } from '../../../support/api-client.js';
import { processorMillisecondsOf } from '../../../support/processor-time.js';
import { sendRaw } from '../../../support/raw-http.js';
import { invalid, refusalOf } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';
import {
  type ApiDescription,
  describe as describeApi,
  EVERY_ROUTE,
  fillPath,
  jsonBodyOf,
  PROVIDER,
  type Route,
  routesOf,
} from '../../contract/api-description.js';
import { exampleOf } from '../../contract/example-of.js';
import { resolve } from '../../contract/json-schema.js';

const MAX_ANSWER_BYTES = 4 * 1024;
/** Of this process, which is client and server in one. */
const ATTEMPTS = 4;
const MAX_PROCESSOR_MILLISECONDS = onThisMachine(5);
const UNKNOWN_ID = '0190f3c0-0000-7000-8000-000000000000';
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Browsers are sent there: what is wrong they are told as OAuth says, or by a page that they are led to. */
const LEADS_BROWSERS = [
  '/oauth/authorize',
  '/oauth/end-session',
  '/auth/external/{provider}/callback',
];
const ANSWERS_TO_BROWSERS = /^(303 undefined|40[04] \S+|41[35] \S+)$/;
/** Its form is the access token alone (RFC 6750 section 2.2). */
const TAKES_A_TOKEN = '/oauth/userinfo';

/** In the words of OAuth, and what it does not know it ignores (RFC 7591 section 2). */
const IGNORES_UNKNOWN = '/oauth/register';

const times = (count: number, text: string) => text.repeat(count);
const fieldsOf = (names: readonly string[]) =>
  JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])));
const numbered = <T>(count: number, name: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => name(index));

/** None of these is looked at by a guard, a pipe or a handler. */
const REFUSED_UNREAD: readonly (readonly [string, string])[] = [
  ['a list of 4,000 numbers', `[${times(3_999, '1,')}1]`],
  ['a list of empty objects', `[${times(2_000, '{},')}{}]`],
  ['lists 4,000 deep', times(4_000, '[') + times(4_000, ']')],
  ['lists without end', times(8_000, '[')],
  ['objects 1,300 deep', `${times(1_300, '{"a":')}1${times(1_300, '}')}`],
  ['lists 3,900 deep in a field', `{"email":${times(3_900, '[')}${times(3_900, ']')}}`],
  ['objects 9 deep', `${times(9, '{"a":')}1${times(9, '}')}`],
  ['800 unknown fields', fieldsOf(numbered(800, (index) => `f${index}`))],
  ['a field with 3,900 values', `{"roles":[${times(3_899, '1,')}1]}`],
  ['a field with 2,000 objects', `{"permissions":[${times(1_999, '{},')}{}]}`],
  ['null', 'null'],
  ['a number of 8,000 digits', times(8_000, '9')],
  ['a text', `"${times(8_000, 'a')}"`],
  ['white space', times(8_000, ' ')],
  ['a prototype', `{"__proto__":${times(1_000, '[')}${times(1_000, ']')}}`],
  ['a constructor with a prototype', '{"constructor":{"prototype":{"a":1}}}'],
];

/** These are refused where fields are known by their names. */
const REFUSED_FIELDS: readonly (readonly [string, string])[] = [
  ['120 unknown fields', fieldsOf(numbered(120, (index) => `f${index}`))],
  [
    '120 unknown fields of long names',
    fieldsOf(numbered(120, (index) => `${index}`.padEnd(60, 'x'))),
  ],
  [
    'unknown fields that need escapes',
    fieldsOf(numbered(6, (index) => `${index}`.padEnd(200, '\u0001'))),
  ],
  ['unknown fields in unknown fields', '{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}'],
];

const NAMES_OF_OBJECTS = Object.getOwnPropertyNames(Object.prototype).filter(
  (name) => name !== '__proto__',
);

describe('a small request that means to cost much', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let description: ApiDescription;
  let routes: Route[];
  let leading: Route[];
  let admin: SignedIn;
  beforeAll(async () => {
    app = await startTestApp(EVERY_ROUTE);
    description = await describeApi(app.api);
    const all = routesOf(description);
    leading = all.filter(({ path }) => LEADS_BROWSERS.includes(path));
    routes = all.filter(({ path }) => !LEADS_BROWSERS.includes(path));
    admin = await signUpAdmin(app);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const isForm = ({ requestBody }: Route) => requestBody?.content?.[FORM_TYPE] !== undefined;
  const readsBody = ({ method, path }: Route) => method !== 'GET' && path !== TAKES_A_TOKEN;
  const ask = (route: Route, { query = '', body, type = JSON_TYPE }: Hostile) =>
    sendRaw(
      app.origin,
      `${route.method} ${fillPath(route, (name) => (name === 'provider' ? PROVIDER : UNKNOWN_ID))}${query}`,
      {
        Authorization: `Bearer ${admin.accessToken}`,
        ...(body !== undefined && {
          'Content-Type': type,
          'Content-Length': String(Buffer.byteLength(body)),
        }),
      },
      body,
    );

  /** Again where it was dear: what the process does besides (collecting garbage, compiling) counts too. */
  async function costOf(route: Route, hostile: Hostile): Promise<Cost> {
    for (let attempt = 1; ; attempt++) {
      let answer: Answer | undefined;
      const milliseconds = await processorMillisecondsOf(async () => {
        answer = await ask(route, hostile);
      });
      const isCheap = milliseconds < MAX_PROCESSOR_MILLISECONDS;
      if (!isCheap && attempt < ATTEMPTS) continue;
      return {
        answer: `${answer?.status} ${answer?.body.code}`,
        isShort: Buffer.byteLength(answer?.text ?? '') < MAX_ANSWER_BYTES,
        isCheap,
      };
    }
  }

  /** In quick one route in four, and of each shape others. */
  let turn = 0;
  const sampleOf = <T>(all: readonly T[]) => sampled(all, { oneIn: 4, turn: turn++ });

  /** Sends it to the routes, and expects the same short and cheap answer of each. */
  async function expectRefused(
    to: readonly Route[],
    hostile: Hostile,
    answer: string | ReturnType<typeof expect.stringMatching>,
  ) {
    expect(to.length).toBeGreaterThan(0);
    for (const route of sampleOf(to)) {
      expect({ route: nameOf(route), ...(await costOf(route, hostile)) }).toEqual({
        route: nameOf(route),
        answer,
        isShort: true,
        isCheap: true,
      });
    }
  }

  const jsonRoutes = () => routes.filter((route) => readsBody(route) && !isForm(route));
  const routesWithFields = () =>
    routes.filter((route) => jsonBodyOf(route) !== undefined && route.path !== IGNORES_UNKNOWN);
  const formRoutes = () => routes.filter(isForm);

  it.each(REFUSED_UNREAD)('is refused unread on every route: %s', async (_, body) => {
    await expectRefused(jsonRoutes(), { body }, '400 request.malformed');
  });

  it.each(REFUSED_FIELDS)('is refused on every route that reads fields: %s', async (_, body) => {
    await expectRefused(routesWithFields(), { body }, '400 request.invalid');
  });

  it.each(NAMES_OF_OBJECTS)('is refused for its name as any unknown field is: %s', async (name) => {
    for (const route of sampleOf(routesWithFields())) {
      const schema = resolve(jsonBodyOf(route)?.$ref ?? '', description);
      const body = { ...Object(exampleOf(schema, description)), [name]: 'x' };
      const answer = await ask(route, { body: JSON.stringify(body) });
      expect([nameOf(route), refusalOf(answer)]).toEqual([nameOf(route), invalid(name)]);
    }
  });

  it.each([
    ...REFUSED_FIELDS,
    ['a list of 100 in a field', JSON.stringify({ redirect_uris: numbered(100, () => 'x') })],
    ['names of objects', fieldsOf(NAMES_OF_OBJECTS)],
  ] as const)('is refused by its name where an app registers itself: %s', async (_, body) => {
    const registering = routes.filter(({ path }) => path === IGNORES_UNKNOWN);
    await expectRefused(registering, { body }, '400 oauth.invalid_redirect_uri');
  });

  it('is refused where a field holds very many values', async () => {
    const list = numbered(120, (index) => index);
    for (const route of sampleOf(routesWithFields())) {
      const { properties = {} } = resolve(jsonBodyOf(route)?.$ref ?? '', description);
      for (const field of Object.keys(properties)) {
        const body = JSON.stringify({ [field]: list });
        await expectRefused([route], { body }, '400 request.invalid');
      }
    }
  });

  it.each([
    ['64 KiB', `[${times(32_000, '1,')}1]`],
    ['one of more than a route takes', `{"email":"${times(40 * 1024, 'a')}"}`],
  ])('is refused for its size on every route: %s', async (_, body) => {
    await expectRefused(jsonRoutes(), { body }, '413 request.too_large');
    const form = { body, type: FORM_TYPE };
    await expectRefused(formRoutes(), form, '413 request.too_large');
  });

  it.each([
    ['8,000 parameters', `grant_type=x${times(8_000, '&a')}`],
    ['8,000 parameters without a name', times(8_000, '&')],
    ['33 parameters', `grant_type=x&token=x${times(31, '&a=b')}`],
    ['the same one twice', 'grant_type=x&token=x&grant_type=x&token=x'],
    ['values that are too long', `grant_type=${times(300, '%41')}&token=${times(8_500, 'a')}`],
    ['names of objects alone', NAMES_OF_OBJECTS.map((name) => `${name}=x`).join('&')],
  ])('is refused as a form: %s', async (_, body) => {
    const form = { body, type: FORM_TYPE };
    // A route that asks who the client is, first of all, is not told.
    const answer = expect.stringMatching(/^40[01] oauth\.invalid_(request|client)$/);
    await expectRefused(formRoutes(), form, answer);
  });

  it.each([
    ['a list', { body: `[${times(3_999, '1,')}1]` }],
    ['8,000 parameters', { body: times(8_000, '&a'), type: FORM_TYPE }],
    ['64 KiB', { body: `state=${times(64_000, 'a')}`, type: FORM_TYPE }],
    ['names of objects', { body: times(50, '&__proto__=x&constructor=x'), type: FORM_TYPE }],
    ['7,000 parameters of a query', { query: `?${times(7_000, 'a&')}` }],
    ['a long state', { query: `?state=${times(15_000, 'a')}&client_id=a` }],
    ['what cannot be stored', { query: `?state=%00&code=%00&client_id=%00&continue=%00` }],
  ])('costs little where browsers are sent: %s', async (_, hostile) => {
    expect(leading).toHaveLength(6);
    for (const route of leading) {
      expect({ route: nameOf(route), ...(await costOf(route, hostile)) }).toEqual({
        route: nameOf(route),
        answer: expect.stringMatching(ANSWERS_TO_BROWSERS),
        isShort: true,
        isCheap: true,
      });
    }
  });

  it.each([
    ['7,000 parameters', `?${times(7_000, 'a&')}`],
    ['33 parameters', `?${numbered(33, (index) => `f${index}=1`).join('&')}`],
  ])('is refused as the query of every route: %s', async (_, query) => {
    const others = routes.filter((route) => !isForm(route) && route.path !== TAKES_A_TOKEN);
    await expectRefused(others, { query }, '400 request.malformed');
  });

  it('is refused as the value of any parameter of a query', async () => {
    for (const route of sampleOf(routes)) {
      const named = (route.parameters ?? []).filter((parameter) => parameter.in === 'query');
      for (const { name } of named) {
        for (const value of [times(15_000, 'a'), times(7_000, 'a,'), times(5_000, '%01')]) {
          const query = `?${name}=${value}`;
          await expectRefused([route], { query }, '400 request.invalid');
        }
      }
    }
  });

  it.each(NAMES_OF_OBJECTS)('is refused for the name of a parameter: %s', async (name) => {
    const query = `?${name}=x`;
    const reading = routes.filter(({ parameters = [] }) =>
      parameters.some((one) => one.in === 'query'),
    );
    await expectRefused(reading, { query }, '400 request.invalid');
  });
});

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

interface Hostile {
  readonly query?: string;
  readonly body?: string;
  readonly type?: string;
}

interface Cost {
  readonly answer: string;
  readonly isShort: boolean;
  readonly isCheap: boolean;
}
