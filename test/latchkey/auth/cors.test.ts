import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/latchkey/platform/config/load-config.js';
import { signUp } from '../../builders/accounts.js';
import type { Answer } from '../../support/api-client.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, TestApp } from '../../support/test-app.js';

const LISTED = ['https://app.example.com', 'http://localhost:5173'];
/** What scripts and tracing send, and nothing else. */
const ALLOWED_HEADERS = [
  'authorization',
  'baggage',
  'content-type',
  'sentry-trace',
  'traceparent',
  'tracestate',
  'x-request-id',
  'x-requested-with',
];

let app: Awaited<ReturnType<typeof startTestApp>>;
let unlisted: TestApp;

beforeAll(async () => {
  app = await startTestApp({ CORS_ORIGINS: ` ${LISTED.join(' , ')},` });
  unlisted = await TestApp.start({ stores: app.stores });
});
afterAll(async () => {
  await unlisted.stop();
  await app[Symbol.asyncDispose]();
});

const ask = (method: string, path: string, headers: Record<string, string>) =>
  app.api.send<Record<string, unknown>>(method, path, undefined, { headers });
const preflight = (origin: string) =>
  ask('OPTIONS', '/auth/me', {
    Origin: origin,
    'Access-Control-Request-Method': 'GET',
    'Access-Control-Request-Headers': 'authorization',
  });
const wordsOf = (headers: Headers, name: string) =>
  headers.get(name)?.toLowerCase().split(/, */).sort();

describe.each(LISTED)('the listed origin %s', (origin) => {
  it('may ask before it calls', async () => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(wordsOf(headers, 'access-control-allow-methods')).toEqual([
      'delete',
      'get',
      'head',
      'patch',
      'post',
      'put',
    ]);
    expect(wordsOf(headers, 'access-control-allow-headers')).toEqual(ALLOWED_HEADERS);
    expect(wordsOf(headers, 'vary')).toContain('origin');
  });

  it.each([
    ['/health/live', 200],
    ['/auth/me', 401],
    ['/nowhere', 404],
  ])('may read what %s answers, errors too', async (path, expected) => {
    const { status, headers } = await ask('GET', path, { Origin: origin });
    expect(status).toBe(expected);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(wordsOf(headers, 'vary')).toContain('origin');
  });
});

it.each([
  'https://evil.example',
  'null',
  '*',
  'https://app.example.com.evil.example',
  'https://evil-app.example.com',
  'https://evilapp.example.com',
  'https://x.app.example.com',
  'https://example.com',
  'https://app.example.co',
  'https://appxexample.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://app.example.com/',
  'https://app.example.com@evil.example',
  'https://app.example.com, https://evil.example',
  'https://APP.example.com',
  'http://localhost:51730',
  'http://localhost',
  'https://localhost:5173',
])('the origin %s is not listed and may read nothing', async (origin) => {
  const answers = [
    await preflight(origin),
    await ask('GET', '/health/live', { Origin: origin }),
    await ask('GET', '/auth/me', { Origin: origin }),
  ];
  for (const { headers } of answers) {
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(wordsOf(headers, 'vary')).toContain('origin');
  }
});

it('never allows every origin', async () => {
  for (const origin of [undefined, ...LISTED, 'https://evil.example', '*']) {
    const { headers } = await ask('GET', '/health/live', origin ? { Origin: origin } : {});
    expect([...headers.values()]).not.toContain('*');
  }
});

it('answers an OPTIONS that is no preflight without a body', async () => {
  const { status, text } = await ask('OPTIONS', '/auth/me', {});
  expect({ status, text }).toEqual({ status: 204, text: '' });
});

it('says nothing of other origins unless CORS_ORIGINS lists one', async () => {
  const headers = { Origin: LISTED[0] ?? '', 'Access-Control-Request-Method': 'GET' };
  const answers = [
    await unlisted.api.get('/health/live', { headers }),
    await unlisted.api.send('OPTIONS', '/auth/me', undefined, { headers }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 404]);
  for (const answer of answers) {
    const names = [...answer.headers.keys()];
    expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

describe.each([
  ['where CORS_ORIGINS lists origins', () => app.api],
  ['where it lists none', () => unlisted.api],
])('what is under /.well-known/, %s', (_, api) => {
  it.each(['/.well-known/jwks.json', '/.well-known/oauth-authorization-server'])(
    '%s may be read by pages of any origin, without credentials',
    async (path) => {
      for (const origin of ['https://evil.example', 'null', LISTED[0] ?? '']) {
        const asked = await api().send('OPTIONS', path, undefined, {
          headers: {
            Origin: origin,
            'Access-Control-Request-Method': 'GET',
            'Access-Control-Request-Headers': 'sentry-trace',
          },
        });
        const got = await api().get(path, { headers: { Origin: origin } });
        expect([asked.status, got.status]).toEqual([204, 200]);
        for (const { headers } of [asked, got]) {
          expect(headers.get('access-control-allow-origin')).toBe('*');
          expect(headers.get('access-control-allow-credentials')).toBeNull();
        }
        expect(wordsOf(asked.headers, 'access-control-allow-headers')).toEqual(ALLOWED_HEADERS);
        expect(wordsOf(asked.headers, 'access-control-allow-methods')).toEqual(['get', 'head']);
        expect(got.headers.get('cache-control')).toBe('public, max-age=300');
      }
    },
  );
});

describe.each(['/auth/verify', '/auth/verify/orders/1', '/auth/verify/orders?roles=admin'])(
  'OPTIONS %s, as a gateway asks about the preflight of its client',
  (path) => {
    const headers = {
      Origin: LISTED[0] ?? '',
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'authorization',
    };
    it('lets nobody through without a token', async () => {
      for (const api of [app.api, unlisted.api]) {
        for (const sent of [headers, {}]) {
          const answer = await api.send('OPTIONS', path, undefined, { headers: sent });
          expect(refusalOf(answer as Answer)).toEqual(refused(401, 'access.unauthenticated'));
        }
      }
    });

    it('lets a caller through, and tells who it is', async () => {
      const { accessToken: token, userId } = await signUp(app);
      const answer = await app.api.send('OPTIONS', path, undefined, { token, headers });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-auth-user')).toBe(userId);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    });
  },
);

it.each([
  '*',
  'null',
  'app.example.com',
  'https://*.example.com',
  'https://app.example.com/',
  'https://app.example.com/path',
  'ftp://app.example.com',
  'https://app.example.com,*',
])('does not start with CORS_ORIGINS=%s', (origins) => {
  expect(() => loadConfig({ CORS_ORIGINS: origins })).toThrow(
    'CORS_ORIGINS must list exact origins',
  );
});
