import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredErrors } from '../../../src/latchkey/platform/errors/define-errors.js';
import { ServiceProcess } from '../../support/service-process.js';
import { startTestApp } from '../../support/test-app.js';

describe('the error catalogue', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it('is served at /errors, to anybody, as Markdown', async () => {
    const { status, headers, text } = await app.api.get('/errors');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(text).toMatch(/^# Errors\n/);
  });

  it('is docs/errors.md, as far as it is Latchkey’s: "npm run docs:errors" writes it anew', async () => {
    const written = await ServiceProcess.run(
      ['scripts/errors-page.mjs'],
      process.cwd(),
      {},
    ).ended();
    expect({ ...written, output: '' }).toEqual({ exitCode: 0, errors: '', output: '' });
    expect(await readFile('docs/errors.md', 'utf8')).toBe(written.output);
  });

  it('says of every code what its status is and what to do about it', async () => {
    const { text } = await app.api.get('/errors');
    expect(declaredErrors().length).toBeGreaterThan(25);
    for (const { code, status, title, remedy } of declaredErrors()) {
      const entry = text.split(`<a id="${code}"></a>`)[1]?.split('\n## ')[0];
      expect(entry).toContain(`**${status}.** ${title}`);
      expect(entry).toContain(remedy);
    }
  });

  it.each([
    ['an unknown route', 'GET', '/nowhere', undefined],
    ['no credentials', 'GET', '/auth/me', undefined],
    ['wrong credentials', 'POST', '/auth/login', { email: 'a@b.example', password: 'x' }],
    ['a bad body', 'POST', '/auth/register', { email: 1 }],
    ['broken JSON', 'POST', '/auth/register', '{'],
    ['a path that cannot be decoded', 'GET', '/admin/roles/%ff', undefined],
    ['a body that is too large', 'POST', '/auth/register', { email: 'x'.repeat(70_000) }],
    ['no refresh token', 'POST', '/auth/refresh', undefined],
  ])('is where the type of a problem points: %s', async (_, method, path, body) => {
    const answer = await app.api.send<{ type: string; code: string }>(method, path, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const link = new URL(answer.body.type, app.origin);
    expect(link.hash).toBe(`#${answer.body.code}`);
    const catalogue = await app.api.get(link.pathname);
    expect(catalogue.text).toContain(`<a id="${answer.body.code}"></a>`);
  });
});
