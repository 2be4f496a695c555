import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import { expectProblem } from '../../../support/expect-problem.js';
import { sendBytes, sendRaw } from '../../../support/raw-http.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

describe('an address', () => {
  it.each([
    'GET /admin/roles/%ff',
    'GET /admin/users/%E0%A4%A',
    'GET /%',
    'GET /admin/users/%zz',
    'DELETE /auth/sessions/%c0%af',
  ])('that cannot be decoded is 400: %s', async (line) => {
    expectProblem(await sendRaw(app.origin, line), 400, 'request.malformed');
  });

  it('with a parameter that is too long is 400', async () => {
    const answer = await app.api.get(`/admin/roles/${'r'.repeat(500)}`);
    expectProblem(answer, 400, 'request.malformed');
  });

  it.each([
    'GET /nowhere',
    'POST /',
    'GET /auth',
    'GET /auth/me/',
    'GET /AUTH/ME',
    'GET //auth/me',
    'GET /../../etc/passwd',
    'GET /docs/..%2f..%2fpackage.json',
    'GET /.env',
    'POST /health/live',
    'DELETE /auth/login',
    'PUT /auth/me',
    'PROPFIND /auth/me',
    'TRACE /auth/me',
    'OPTIONS /auth/me',
  ])('that no route has is 404: %s', async (line) => {
    expectProblem(await sendRaw(app.origin, line), 404, 'request.not_found');
  });

  it.each([
    '/admin/users/nonsense',
    `/admin/users/${'1'.repeat(36)}`,
    '/admin/users?limit=0',
    '/admin/users?limit=101',
    '/admin/users?limit=ten',
    '/admin/users?limit=1&limit=2',
    '/admin/users?limit[]=1',
    '/admin/users?cursor=nonsense',
    '/admin/users?cursor=',
    '/admin/users?status=unknown',
    '/admin/users?unknown=1',
    '/admin/users?email=%00',
    '/admin/audit-events?from=yesterday',
    '/auth/sessions?cursor=%27;drop%20table%20users',
  ])('with a wrong parameter is 400: %s', async (path) => {
    const answer = await app.api.get(path, { token: admin.accessToken });
    expectProblem(answer, 400, 'request.invalid');
    expect(answer.body.errors.length).toBeGreaterThan(0);
  });
});

describe('what is no HTTP is 400', () => {
  it.each([
    ['words', 'HELLO\r\n\r\n'],
    ['an unknown method', 'BREW /auth/me HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an unknown version', 'GET /auth/me HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['a header with a line break', 'GET /auth/me HTTP/1.1\r\nHost: x\r\nX: a\n b\rc\r\n\r\n'],
    ['a header without a name', 'GET /auth/me HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n'],
  ])('%s', async (_, bytes) => {
    expectProblem(await sendBytes(app.origin, bytes), 400, 'request.malformed');
  });
});

it('links every problem to its place in the error catalogue', async () => {
  const { body } = await app.api.get('/nowhere');
  const [path, anchor] = body.type.split('#');
  const catalogue = await app.api.get(path);
  expect(catalogue.status).toBe(200);
  expect(catalogue.text).toContain(`<a id="${anchor}"></a>`);
});

it('goes on serving after all of this', async () => {
  expect((await app.api.get('/health/ready')).status).toBe(200);
});
