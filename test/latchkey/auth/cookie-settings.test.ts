import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../builders/accounts.js';
import { cookieHeaderOf, cookiesOf, signInByCookie } from '../../builders/browsers.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { sampled } from '../../support/test-depth.js';

const LISTED = 'https://app.example.com';
const UNLISTED = 'https://evil.example';
const from = (Origin: string) => ({ headers: { Origin, 'Sec-Fetch-Site': 'cross-site' } });

describe('cookies for pages of other sites', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let email: string;
  beforeAll(async () => {
    app = await startTestApp({ COOKIE_SAME_SITE: 'none', CORS_ORIGINS: LISTED });
    ({ email } = await signUp(app));
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('carry the session to and from a site that is listed', async () => {
    const signedIn = await signInByCookie(app.api, email, from(LISTED));
    expect(signedIn.status).toBe(200);
    const [cookie] = cookiesOf(signedIn);
    expect(cookie?.attributes).toEqual(
      expect.arrayContaining(['HttpOnly', 'SameSite=None', 'Secure']),
    );
    const refreshed = await app.api.post('/auth/refresh', undefined, {
      cookie: cookieHeaderOf(signedIn),
      ...from(LISTED),
    });
    expect(refreshed.status).toBe(200);
    expect(refreshed.headers.get('access-control-allow-origin')).toBe(LISTED);
  });

  it('are of no use to a site that is not', async () => {
    const planted = await signInByCookie(app.api, email, from(UNLISTED));
    expect(refusalOf(planted)).toEqual(refused(403, 'auth.cross_site'));
    const cookie = cookieHeaderOf(await signInByCookie(app.api, email));
    for (const path of ['/auth/refresh', '/auth/logout']) {
      const answer = await app.api.post(path, undefined, { cookie, ...from(UNLISTED) });
      expect(refusalOf(answer)).toEqual(refused(403, 'auth.cross_site'));
    }
    expect((await app.api.post('/auth/refresh', undefined, { cookie })).status).toBe(200);
  });
});

it('a listed site gets nothing from cookies that are lax or strict', async () => {
  // What is strict is what every other test has.
  for (const COOKIE_SAME_SITE of sampled(['lax', 'strict'], { oneIn: 2 })) {
    await using app = await startTestApp({ COOKIE_SAME_SITE, CORS_ORIGINS: LISTED });
    const { email } = await signUp(app);
    const answer = await signInByCookie(app.api, email, from(LISTED));
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.cross_site'));
    const [cookie] = cookiesOf(await signInByCookie(app.api, email));
    expect(cookie?.attributes.map((one) => one.toLowerCase())).toContain(
      `samesite=${COOKIE_SAME_SITE}`,
    );
  }
});

describe('with PUBLIC_URL and COOKIE_NAME', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let email: string;
  beforeAll(async () => {
    const PUBLIC_URL = 'https://public.example.com/auth';
    app = await startTestApp({ PUBLIC_URL, COOKIE_NAME: 'acme', THROTTLING: 'on' });
    ({ email } = await signUp(app));
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('browsers that know the server by PUBLIC_URL sign in from its pages', async () => {
    const sameOrigin = (Origin: string) => ({
      headers: { Origin, 'Sec-Fetch-Site': 'same-origin' },
    });
    const own = sameOrigin('https://public.example.com');
    expect((await signInByCookie(app.api, email, own)).status).toBe(200);
    const other = await signInByCookie(app.api, email, sameOrigin('https://public.example.net'));
    expect(refusalOf(other)).toEqual(refused(403, 'auth.cross_site'));
  });

  it('cookies have the name that is set, and the API description says so', async () => {
    const signedIn = await signInByCookie(app.api, email);
    expect(cookiesOf(signedIn).map(({ name }) => name)).toEqual([
      '__Host-acme-device',
      '__Host-acme',
    ]);
    const cookie = cookieHeaderOf(signedIn);
    expect((await app.api.post('/auth/refresh', undefined, { cookie })).status).toBe(200);
    const { body } = await app.api.get('/openapi.json');
    expect(body.components.securitySchemes.refreshCookie.name).toBe('__Host-acme');
  });
});
