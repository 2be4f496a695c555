import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processorMillisecondsOf } from '../../support/processor-time.js';
import { sendRaw } from '../../support/raw-http.js';
import { startTestApp } from '../../support/test-app.js';
import { onThisMachine } from '../../support/time-limits.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

describe('Swagger UI at /docs', () => {
  let html: string;
  let policy: string;
  beforeAll(async () => {
    const answer = await app.api.get('/docs');
    html = answer.text;
    policy = answer.headers.get('content-security-policy') ?? '';
  });

  const linked = (pattern: RegExp) =>
    [...html.matchAll(pattern)].map(([, path]) => new URL(path ?? '', `${app.origin}/docs`));

  it('loads every style and script that its page names', async () => {
    const scripts = linked(/<script src="([^"]+)"/g);
    const styles = linked(/<link rel="stylesheet" [^>]*href="([^"]+)"/g);
    expect([scripts.length, styles.length]).toEqual([3, 1]);
    for (const { pathname } of [...scripts, ...styles]) {
      const { status, headers, text } = await app.api.get(pathname);
      expect([pathname, status]).toEqual([pathname, 200]);
      expect(headers.get('content-type')).toMatch(pathname.endsWith('.css') ? /css/ : /javascript/);
      expect(text.length).toBeGreaterThan(100);
    }
  });

  it('is permitted by its content security policy', () => {
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toMatch(/style-src 'self' 'unsafe-inline'/);
    expect(policy).toMatch(/connect-src 'self'/);
    expect(policy).toMatch(/img-src 'self' data:/);
    for (const { origin } of linked(/(?:src|href)="([^"]+)"/g)) expect(origin).toBe(app.origin);
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
    expect(html).not.toMatch(/\son\w+=/);
  });

  it('shows the description that /openapi.json and /openapi.yaml give', async () => {
    const description = await app.api.get('/openapi.json');
    const yaml = await app.api.get('/openapi.yaml');
    const { text: initialiser } = await app.api.get('/docs/initialise.js');
    expect([description.status, yaml.status]).toEqual([200, 200]);
    expect(initialiser).toContain("new URL('openapi.json', location.href)");
    for (const path of Object.keys(description.body.paths)) {
      expect(yaml.text).toContain(`${path}:`);
    }
  });

  it('is found with a slash as well, by an address that holds below any path', async () => {
    const { status, headers } = await app.api.get('/docs/');
    expect([status, headers.get('location')]).toEqual([308, '../docs']);
  });
});

describe('a document that is the same for everybody', () => {
  const documents = [
    '/docs',
    '/docs/initialise.js',
    '/docs/swagger-ui.css',
    '/docs/swagger-ui-bundle.js',
    '/docs/swagger-ui-standalone-preset.js',
    '/openapi.json',
    '/openapi.yaml',
    '/errors',
    '/demo',
  ];

  it.each(documents)('%s is not sent to whoever has it already', async (path) => {
    const { status, headers, text } = await app.api.get(path);
    const etag = headers.get('etag') ?? '';
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(text.length).toBeGreaterThan(100);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await app.api.get(path, { headers: { 'If-None-Match': known } });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    const changed = await app.api.get(path, { headers: { 'If-None-Match': '"x"' } });
    expect([changed.status, changed.text]).toEqual([200, text]);
  });

  it.each(documents)('%s costs little to ask about again', async (path) => {
    const { headers } = await app.api.get(path);
    const known = { 'If-None-Match': headers.get('etag') ?? '' };
    const ask = () => sendRaw(app.origin, `GET ${path}`, known);
    expect(await processorMillisecondsOf(ask)).toBeLessThan(onThisMachine(5));
  });

  it('is made once: not even as YAML does it cost more than to send and to receive it', async () => {
    const read = (path: string) =>
      processorMillisecondsOf(() => sendRaw(app.origin, `GET ${path}`));
    expect(await read('/openapi.yaml')).toBeLessThan(3 * (await read('/openapi.json')) + 5);
  });
});
