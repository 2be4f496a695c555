import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp } from '../support/test-app.js';

describe('Swagger UI at /docs', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let html: string;
  let policy: string;
  beforeAll(async () => {
    app = await startTestApp();
    const answer = await app.api.get('/docs');
    html = answer.text;
    policy = answer.headers.get('content-security-policy') ?? '';
  });
  afterAll(async () => app[Symbol.asyncDispose]());

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
    const { text: initialiser } = await app.api.get('/docs/swagger-ui-init.js');
    expect([description.status, yaml.status]).toEqual([200, 200]);
    for (const path of Object.keys(description.body.paths)) {
      expect(initialiser).toContain(`"${path}"`);
      expect(yaml.text).toContain(`${path}:`);
    }
  });
});
