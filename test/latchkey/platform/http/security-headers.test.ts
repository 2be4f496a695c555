import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../../../builders/accounts.js';
import type { Answer } from '../../../support/api-client.js';
import { sendBytes, sendRaw } from '../../../support/raw-http.js';
import { startTestApp } from '../../../support/test-app.js';
import { describe as describeApi, fillPath, routesOf } from '../../contract/api-description.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let caller: SignedIn;

beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  caller = await signUp(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const answers: [string, () => Promise<Answer>][] = [
  ['a sign-in', () => app.api.post('/auth/login', { email: caller.email, password: PASSWORD })],
  ['a profile', () => app.api.get('/users/me', { token: caller.accessToken })],
  ['the JWKS', () => app.api.get('/.well-known/jwks.json')],
  ['the health', () => app.api.get('/health/live')],
  ['the documentation', () => app.api.get('/docs')],
  ['the API description', () => app.api.get('/openapi.json')],
  ['401', () => app.api.get('/auth/me')],
  ['403', () => app.api.get('/admin/users', { token: caller.accessToken })],
  ['404', () => app.api.get('/nowhere')],
  ['400', () => app.api.post('/auth/login', '{')],
];
const framework: typeof answers = [
  ['an address that cannot be decoded', () => sendRaw(app.origin, 'GET /admin/roles/%ff')],
  ['a parameter that is too long', () => app.api.get(`/admin/roles/${'r'.repeat(200)}`)],
  ['what is no HTTP', () => sendBytes(app.origin, 'HELLO\r\n\r\n')],
];

describe.each(answers)('the answer that is %s', (_, ask) => {
  it('may be neither framed, nor sniffed, nor told to others', async () => {
    const { headers } = await ask();
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe-eval|script-src[^;]*unsafe/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });
});

describe.each([...answers, ...framework])('the answer that is %s', (_, ask) => {
  it('does not say what made it', async () => {
    const { headers } = await ask();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(JSON.stringify([...headers])).not.toMatch(/fastify|nest|node|express|latchkey[/ ]\d/i);
  });
});

it.each(framework)('the answer to %s is neither sniffed nor stored', async (_, ask) => {
  const { headers } = await ask();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
});

describe('Cache-Control: no-store', () => {
  const cases: [string, () => Promise<Answer>][] = [
    [
      'POST /auth/login',
      () => app.api.post('/auth/login', { email: caller.email, password: PASSWORD }),
    ],
    [
      'POST /auth/refresh',
      async () => {
        const { refreshToken } = await signIn(app.api, caller.email);
        return app.api.post('/auth/refresh', { refreshToken });
      },
    ],
    ['POST /auth/logout', () => app.api.post('/auth/logout')],
    [
      'POST /auth/logout-all',
      async () => {
        const { accessToken } = await signUp(app);
        return app.api.post('/auth/logout-all', undefined, { token: accessToken });
      },
    ],
    [
      'POST /auth/register',
      () => app.api.post('/auth/register', { email: uniqueEmail(), password: PASSWORD }),
    ],
    ['GET /health/live', () => app.api.get('/health/live')],
    ['an error', () => app.api.get('/auth/me')],
    ['an error before any route', () => app.api.get('/nowhere')],
  ];
  it.each(cases)('is on %s', async (_, ask) => {
    expect((await ask()).headers.get('cache-control')).toBe('no-store');
  });
});

it('Cache-Control: no-store is on whatever a token opens, now and in what is added later', async () => {
  const admin = await signUpAdmin(app);
  const own = routesOf(await describeApi(app.api)).filter(({ method }) => method === 'GET');
  const ids: Record<string, string> = { id: admin.userId, name: 'admin', kid: 'k'.repeat(43) };
  expect(own.length).toBeGreaterThan(10);
  for (const route of own) {
    if (route['x-public']) continue;
    const path = fillPath(route, (name) => ids[name] ?? '');
    const { headers } = await app.api.get(path, { token: admin.accessToken });
    expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
  }
});

it.each([
  ['/.well-known/jwks.json', 'public, max-age=300'],
  ['/.well-known/oauth-authorization-server', 'public, max-age=300'],
])('the answer of %s is about nobody, and may be kept', async (path, directive) => {
  const { headers } = await app.api.get(path);
  expect(headers.get('cache-control')).toBe(directive);
});

describe('Strict-Transport-Security', () => {
  it('is not sent outside production, where it would lock a developer out', async () => {
    for (const [, ask] of answers) {
      expect((await ask()).headers.get('strict-transport-security')).toBeNull();
    }
  });

  const PRODUCTION = {
    NODE_ENV: 'production',
    JWT_ISSUER: 'https://auth.example.com',
    APP_SECRETS: 'YkE1v3d0mXh7Qz9sLrT2uWcPfGnBjK4o6aHiNeRtVyUq',
    ARGON2_MEMORY_KIB: '19456',
    ARGON2_TIME_COST: '2',
    THROTTLING: 'on',
    API_DESCRIPTION: 'on',
  };

  it.each([
    ['host', 'max-age=31536000'],
    ['off', null],
  ])('is what HSTS=%s asks for', async (HSTS, header) => {
    await using production = await startTestApp({ ...PRODUCTION, HSTS });
    const { headers } = await production.api.get('/health/live');
    expect(headers.get('strict-transport-security')).toBe(header);
  });

  it('is sent in production, for a year and for subdomains', async () => {
    await using production = await startTestApp(PRODUCTION);
    for (const path of ['/health/live', '/auth/me', '/nowhere', '/docs']) {
      const { headers } = await production.api.get(path);
      const [maxAge, ...rest] = headers.get('strict-transport-security')?.split('; ') ?? [];
      expect(Number(maxAge?.replace('max-age=', ''))).toBeGreaterThanOrEqual(31_536_000);
      expect(rest).toContain('includeSubDomains');
    }
  });
});
