import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUpAdmin } from '../../../builders/accounts.js';
import { expectProblem } from '../../../support/expect-problem.js';
import { sendRaw } from '../../../support/raw-http.js';
import { refusalOf } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const JSON_TYPE = { 'Content-Type': 'application/json' };
const postRaw = (headers: Record<string, string | string[]>, body: string) =>
  sendRaw(app.origin, 'POST /auth/login', headers, body);

describe('a body that cannot be read is 400 request.malformed', () => {
  it.each([
    ['an open brace', '{'],
    ['half an object', '{"email":"a@example.com","password":'],
    ['an object and more', '{"email":"a@example.com"}}'],
    ['single quotation marks', "{'email':'a@example.com'}"],
    ['a comment', '{} // comment'],
    ['words', 'email=a@example.com'],
    ['a NUL', '\0'],
    ['white space', ' '],
    ['NaN', '{"email":NaN}'],
    ['__proto__', '{"__proto__":{"email":"a@example.com"}}'],
    ['constructor.prototype', '{"constructor":{"prototype":{"email":"a@example.com"}}}'],
    ['nesting without end', '['.repeat(8_000)],
    ['a list', '[]'],
    ['a list of objects', '[{}]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"text"'],
    ['objects without end', `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`],
  ])('for %s', async (_, body) => {
    for (const path of ['/auth/login', '/auth/register', '/auth/refresh', '/auth/logout']) {
      expectProblem(await app.api.post(path, body), 400, 'request.malformed');
    }
  });

  it.each([
    ['another length than it says', { ...JSON_TYPE, 'Content-Length': ['2', '3'] }, '{}'],
    [
      'two lengths',
      { ...JSON_TYPE, 'Content-Length': '2', 'Transfer-Encoding': 'chunked' },
      '0\r\n\r\n',
    ],
    ['chunks that are none', { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }, 'zz\r\n\r\n'],
  ])('for %s', async (_, headers, body) => {
    expectProblem(await postRaw(headers, body), 400, 'request.malformed');
  });
});

describe('a body that can be read and says the wrong thing is 400 request.invalid', () => {
  it.each([
    ['nothing', ''],
    ['objects for texts', '{"email":{"$gt":""},"password":{"$gt":""}}'],
    ['lists for texts', '{"email":["a@example.com"],"password":["x"]}'],
    ['a NUL escape', '{"email":"a\\u0000@example.com","password":"x\\u0000"}'],
    ['half a surrogate pair', '{"email":"\\ud800@example.com","password":"\\udfff"}'],
    ['an unknown field', '{"email":"a@example.com","password":"x","admin":true}'],
    ['a field of 2,000 letters', `{"${'f'.repeat(2_000)}":1}`],
  ])('for %s', async (_, body) => {
    for (const path of ['/auth/login', '/auth/register']) {
      const answer = await app.api.post(path, body);
      expectProblem(answer, 400, 'request.invalid');
      expect(answer.body.errors.length).toBeGreaterThan(0);
      expect(answer.text.length).toBeLessThan(4_000);
    }
  });

  it.each(['{"refreshToken":5}', '{"refreshToken":null}', '{"refreshToken":""}', '{"token":"x"}'])(
    'for %s as the refresh token',
    async (body) => {
      for (const path of ['/auth/refresh', '/auth/logout']) {
        expectProblem(await app.api.post(path, body), 400, 'request.invalid');
      }
    },
  );
});

describe('a body of another type is 415', () => {
  it.each([
    ['text/plain'],
    ['text/plain;charset=UTF-8'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/xml'],
    ['application/jsonp'],
    ['application/json-patch+json'],
    ['application/octet-stream'],
    ['json'],
    ['banana'],
    ['application/'],
    ['*/*'],
  ])('%s', async (type) => {
    const headers = { 'Content-Type': type };
    const answer = await app.api.post('/auth/login', '{}', { headers });
    expectProblem(answer, 415, 'request.unsupported_media_type');
  });

  it('no type at all', async () => {
    const answer = await postRaw({ 'Content-Length': '2' }, '{}');
    expectProblem(answer, 415, 'request.unsupported_media_type');
  });
});

describe('too large is 413', () => {
  it('a body of more than 8 KiB, and a megabyte', async () => {
    for (const size of [8 * 1024, 1024 * 1024]) {
      const body = JSON.stringify({ email: 'a'.repeat(size) });
      expectProblem(await app.api.post('/auth/login', body), 413, 'request.too_large');
    }
  });

  it('but not the largest role that there can be, on its route alone', async () => {
    const { accessToken: token } = await signUpAdmin(app);
    const action = 'a'.repeat(63);
    const permissions = Array.from({ length: 100 }, (_, index) => {
      return `${`r${index}`.padEnd(63, 'r')}:${action}`;
    });
    const role = { name: 'large', description: '\u0001'.repeat(500), permissions };
    const body = JSON.stringify(role);
    expect(body.length).toBeGreaterThan(8 * 1024);
    expect(refusalOf(await app.api.post('/admin/roles', body, { token })).status).not.toBe(413);
    const elsewhere = await app.api.post('/admin/clients', body, { token });
    expectProblem(elsewhere, 413, 'request.too_large');
  });

  it('a body that only says so', async () => {
    const answer = await postRaw({ ...JSON_TYPE, 'Content-Length': '99999999999' }, '{}');
    expectProblem(answer, 413, 'request.too_large');
  });
});

describe('headers of more than 16 KiB are 431 (RFC 6585 section 5)', () => {
  it.each([
    ['one that is long', { Authorization: `Bearer ${'a'.repeat(20_000)}` }],
    ['very many', { 'X-Many': Array<string>(1_900).fill('x'.repeat(10)) }],
  ])('%s', async (_, headers) => {
    const answer = await sendRaw(app.origin, 'GET /auth/me', headers);
    expectProblem(answer, 431, 'request.headers_too_large');
  });

  it('an address', async () => {
    const answer = await sendRaw(app.origin, `GET /${'a'.repeat(20_000)}`);
    expectProblem(answer, 431, 'request.headers_too_large');
  });
});
