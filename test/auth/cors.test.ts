import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.js';
import { startTestApp } from '../support/test-app.js';

const LISTED = ['https://app.example.com', 'http://localhost:5173'];

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp({ CORS_ORIGINS: ` ${LISTED.join(' , ')},` });
});
afterAll(async () => {
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
    expect(wordsOf(headers, 'access-control-allow-headers')).toEqual([
      'authorization',
      'content-type',
    ]);
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
  await using closed = await startTestApp();
  const headers = { Origin: LISTED[0] ?? '', 'Access-Control-Request-Method': 'GET' };
  const answers = [
    await closed.api.get('/health/live', { headers }),
    await closed.api.send('OPTIONS', '/auth/me', undefined, { headers }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 404]);
  for (const answer of answers) {
    const names = [...answer.headers.keys()];
    expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

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
