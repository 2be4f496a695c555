import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../builders/accounts.js';
import { COOKIE, cookieOf, signInByCookie } from '../../builders/browsers.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { ISSUER, startTestApp } from '../../support/test-app.js';
import { sampled } from '../../support/test-depth.js';

const LISTED = 'https://app.example.com';
const CROSS_SITE = refused(403, 'auth.cross_site');

let app: Awaited<ReturnType<typeof startTestApp>>;
let email: string;
/** Of a session that every refusal leaves as it is. */
let cookie: string;
let sessionId: string;

beforeAll(async () => {
  app = await startTestApp({ CORS_ORIGINS: `https://other.example.com,${LISTED}` });
  ({ email } = await signUp(app));
  await startSession();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

async function startSession(): Promise<void> {
  const answer = await signInByCookie(app.api, email);
  cookie = `${COOKIE}=${cookieOf(answer)?.value}`;
  ({ sessionId } = answer.body);
}
const sessionRow = () => app.stores.query('SELECT * FROM sessions WHERE id = $1', [sessionId]);
const countSessions = () => app.stores.query('SELECT count(*) FROM sessions');
const login = (headers: Record<string, string>, delivery?: string) =>
  app.api.post('/auth/login', { email, password: PASSWORD, delivery }, { headers });

type Headers = Record<string, string>;

/** What a browser says of where a request comes from. `OWN` stands for the server's own origin. */
const foreign: [string, Headers][] = [
  ['another origin', { Origin: 'https://evil.example' }],
  ['an opaque origin', { Origin: 'null' }],
  ['an empty origin', { Origin: '' }],
  ['a sibling of the issuer', { Origin: 'http://app.latchkey.test' }],
  ['the issuer by another scheme', { Origin: 'https://latchkey.test' }],
  ['the issuer on another port', { Origin: 'http://latchkey.test:8080' }],
  ['an origin that begins like the issuer', { Origin: `${ISSUER}.evil.example` }],
  ['an origin that ends like the issuer', { Origin: 'http://evil-latchkey.test' }],
  ['an origin with the issuer for a user name', { Origin: `${ISSUER}@evil.example` }],
  ['the issuer with a path', { Origin: `${ISSUER}/` }],
  ['another port of this host', { Origin: 'http://127.0.0.1:1' }],
  ['an origin that begins like a listed one', { Origin: `${LISTED}.evil.example` }],
  ['an origin that ends like a listed one', { Origin: 'https://evil-app.example.com' }],
  ['a subdomain of a listed one', { Origin: 'https://x.app.example.com' }],
  ['the parent of a listed one', { Origin: 'https://example.com' }],
  ['a listed one by another scheme', { Origin: 'http://app.example.com' }],
  ['a listed one on another port', { Origin: `${LISTED}:8443` }],
  ['two listed ones', { Origin: `${LISTED} https://other.example.com` }],
  ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['another site, with the own origin', { 'Sec-Fetch-Site': 'cross-site', Origin: 'OWN' }],
  ['another site, with a listed origin', { 'Sec-Fetch-Site': 'cross-site', Origin: LISTED }],
  ['a sibling site', { 'Sec-Fetch-Site': 'same-site' }],
  ['a sibling site, with the own origin', { 'Sec-Fetch-Site': 'same-site', Origin: 'OWN' }],
  [
    'a sibling site, with its origin',
    { 'Sec-Fetch-Site': 'same-site', Origin: 'http://a.latchkey.test' },
  ],
  [
    'a foreign origin that claims to be the own',
    { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://evil.example' },
  ],
];

const familiar: [string, Headers][] = [
  ['no browser', {}],
  ['the own origin', { Origin: 'OWN' }],
  ['the own origin, as a browser says', { Origin: 'OWN', 'Sec-Fetch-Site': 'same-origin' }],
  ['the issuer', { Origin: ISSUER, 'Sec-Fetch-Site': 'same-origin' }],
  ['the address bar', { 'Sec-Fetch-Site': 'none' }],
  ['a listed origin', { Origin: LISTED }],
  ['a listed origin of a sibling site', { Origin: LISTED, 'Sec-Fetch-Site': 'same-site' }],
];

const from = (headers: Headers): Headers =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value === 'OWN' ? app.origin : value]),
  );

describe.each(sampled(foreign, { oneIn: 3 }))('a request from %s', (_, origin) => {
  it.each([undefined, '{}', ''])('cannot refresh by the cookie, with the body %j', async (body) => {
    const before = await sessionRow();
    const answer = await app.api.post('/auth/refresh', body, { cookie, headers: from(origin) });
    expect(refusalOf(answer)).toEqual(CROSS_SITE);
    expect(cookieOf(answer)).toBeNull();
    expect(await sessionRow()).toEqual(before);
  });

  it('cannot sign out by the cookie', async () => {
    const answer = await app.api.post('/auth/logout', undefined, { cookie, headers: from(origin) });
    expect(refusalOf(answer)).toEqual(CROSS_SITE);
    expect(cookieOf(answer)).toBeNull();
    expect(await sessionRow()).toMatchObject([{ ended_at: null }]);
  });

  it('cannot sign in with cookie delivery, and may with body delivery', async () => {
    const before = await countSessions();
    for (const delivery of [undefined, 'cookie']) {
      const answer = await login(from(origin), delivery);
      expect(refusalOf(answer)).toEqual(CROSS_SITE);
      expect(cookieOf(answer)).toBeNull();
    }
    expect(await countSessions()).toEqual(before);
    const answer = await login(from(origin), 'body');
    expect(answer.status).toBe(200);
    expect(cookieOf(answer)).toBeNull();
  });
});

describe.each(familiar)('a request from %s', (_, origin) => {
  beforeEach(startSession);

  it('may refresh by the cookie, without a body', async () => {
    const answer = await app.api.post('/auth/refresh', undefined, {
      cookie,
      headers: from(origin),
    });
    expect(answer.status).toBe(200);
    expect(cookieOf(answer)?.value).toMatch(/^lkr_/);
    expect(await sessionRow()).toMatchObject([{ generation: 1 }]);
  });

  it('may sign in and out by the cookie', async () => {
    expect((await login(from(origin))).status).toBe(200);
    const answer = await app.api.post('/auth/logout', undefined, { cookie, headers: from(origin) });
    expect(answer.status).toBe(204);
    expect(await sessionRow()).toMatchObject([{ ended_at: expect.any(Date) }]);
  });
});

describe('what a page can send without asking', () => {
  beforeAll(startSession);

  const bodies: [string, string | undefined, string][] = [
    ['a form', 'application/x-www-form-urlencoded', 'a=b'],
    ['an empty form', 'application/x-www-form-urlencoded', ''],
    ['a multipart form', 'multipart/form-data; boundary=x', '--x--\r\n'],
    ['plain text', 'text/plain', 'text'],
    ['JSON that calls itself plain text', 'text/plain', '{}'],
    ['JSON that calls itself plain text and more', 'text/plain; application/json', '{}'],
    ['JSON without a type', '', '{}'],
    ['XML', 'text/xml', '<a/>'],
  ];
  it.each(bodies)('is refused when it is %s, from the own origin too', async (_, type, body) => {
    const before = await sessionRow();
    for (const origin of [app.origin, 'https://evil.example', 'null', undefined]) {
      for (const path of ['/auth/refresh', '/auth/logout', '/auth/login']) {
        const response = await fetch(app.origin + path, {
          method: 'POST',
          headers: {
            Cookie: cookie,
            ...(type && { 'Content-Type': type }),
            ...(origin && { Origin: origin }),
          },
          // Bytes, since fetch gives a text the type text/plain.
          body: Buffer.from(body),
        });
        expect(response.status).toBe(415);
        expect(response.headers.getSetCookie()).toEqual([]);
      }
    }
    expect(await sessionRow()).toEqual(before);
  });

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'])(
    'changes nothing by %s, even if it calls itself POST',
    async (method) => {
      const before = await sessionRow();
      for (const path of ['/auth/refresh', '/auth/logout', '/auth/refresh?_method=POST']) {
        const headers = { Cookie: cookie, 'X-HTTP-Method-Override': 'POST', Origin: LISTED };
        const response = await fetch(app.origin + path, { method, headers });
        expect(response.status).toBe(method === 'OPTIONS' ? 204 : 404);
        expect(response.headers.getSetCookie()).toEqual([]);
      }
      expect(await sessionRow()).toEqual(before);
    },
  );
});
