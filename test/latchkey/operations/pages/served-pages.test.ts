import { expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { mailTo } from '../../../support/dev-mails.js';
import { startTestApp } from '../../../support/test-app.js';

it('serves documents without inline script or style that nothing keeps or frames, and assets for a year', async () => {
  await using app = await startTestApp({
    BRAND_NAME: 'Ada & <Söhne>',
    BRAND_COLOR: '#ffe600',
    BRAND_LOGO_URL: 'https://cdn.example.com/logo.svg',
  });
  const document = await fetch(`${app.origin}/pages/sign-in`);
  const html = await document.text();
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
  expect(html).toContain('<span>Ada &amp; &lt;Söhne&gt;</span>');
  expect(html).toContain('<img src="https://cdn.example.com/logo.svg" alt=""');
  expect(document.headers.get('cache-control')).toBe('no-store');
  expect(document.headers.get('referrer-policy')).toBe('no-referrer');
  const policy = document.headers.get('content-security-policy') ?? '';
  expect(policy).not.toContain('unsafe');
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "img-src 'self' data: https://cdn.example.com",
  ]) {
    expect(policy.split(';')).toContain(rule);
  }

  const assets = [...html.matchAll(/"(assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(assets).toHaveLength(3);
  for (const path of assets) {
    const { status, headers } = await fetch(`${app.origin}/pages/${path}`);
    expect([path, status]).toEqual([path, 200]);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  }
  const brand = assets.find((path) => path.includes('brand-')) ?? '';
  // A yellow that could not be read on white is darkened there, and is as it was on dark ground.
  const sheet = await (await fetch(`${app.origin}/pages/${brand}`)).text();
  expect(sheet).toMatch(/^:root\{--accent:#(?!ffe600)[0-9a-f]{6};--on-accent:#ffffff\}/);
  expect(sheet).toContain('{:root{--accent:#ffe600;--on-accent:#000000}}');

  for (const [path, leadsTo] of [
    ['/pages', 'pages/account'],
    ['/pages/', 'account'],
  ]) {
    const { headers } = await fetch(`${app.origin}${path}`, { redirect: 'manual' });
    expect([path, headers.get('location')]).toEqual([path, leadsTo]);
  }
  expect((await fetch(`${app.origin}/pages/assets/pages.json`)).status).toBe(404);
});

it('PAGES=off serves none, and PAGES_URL leads the links of mails to other pages', async () => {
  await using app = await startTestApp({
    PAGES: 'off',
    PAGES_URL: 'https://app.example.com/account/',
  });
  for (const path of ['/pages', '/pages/', '/pages/sign-in', '/pages/recover'])
    expect([path, (await fetch(`${app.origin}${path}`)).status]).toEqual([path, 404]);
  const { email } = await signUp(app);
  await app.api.post('/auth/recovery/request', { email });
  const { links } = await mailTo(app, email, 'recovery');
  expect(links[0]).toMatch(/^https:\/\/app\.example\.com\/account\/recover#lko_/);
});

it.each([
  [{ BRAND_COLOR: 'red;}' }, 'BRAND_COLOR'],
  [{ BRAND_LOGO_URL: "https://x.example; script-src 'unsafe-inline'" }, 'BRAND_LOGO_URL'],
  [{ BRAND_LOGO_URL: 'javascript:alert(1)' }, 'BRAND_LOGO_URL'],
  [{ PAGES: 'maybe' }, 'PAGES'],
])('refuses to start with %o', async (env, named) => {
  await expect(startTestApp(env)).rejects.toThrow(named);
});
