import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../builders/access-tokens.js';
import { type SignedIn, signUpAdmin } from '../../builders/accounts.js';
import { clientToken, createClient } from '../../builders/clients.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

/** With a path, a port and a capital: it must come back to the byte. */
const ISSUER = 'https://Auth.example.com:8443/tenant/';
const AUTHENTICATED = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const SIGNED_BY = ['ES256', 'PS256', 'RS256'];
const METADATA = '/.well-known/oauth-authorization-server';
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const JWKS = '/.well-known/jwks.json';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp({ JWT_ISSUER: ISSUER });
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

describe('the metadata', () => {
  it('names the issuer as the tokens do, to the byte', async () => {
    const { body } = await app.api.get(METADATA);
    expect(body.issuer).toBe(ISSUER);
    const token = await clientToken(app.api, await createClient(app.api, admin));
    expect(claimsOf(token).iss).toBe(body.issuer);
  });

  it('is where libraries ask for that of an issuer with a path, and at no other path', async () => {
    const plain = await app.api.get(METADATA);
    for (const path of [`${METADATA}/tenant`, `${METADATA}/tenant?x=1`]) {
      const { status, body, headers } = await app.api.get(path);
      expect([path, status, body]).toEqual([path, 200, plain.body]);
      expect(headers.get('cache-control')).toBe('public, max-age=300');
    }
    for (const other of ['/', '/Tenant', '/tenant/x', '/another', '/%74enant']) {
      const answer = await app.api.get(METADATA + other);
      expect([other, refusalOf(answer)]).toEqual([other, refused(404, 'request.not_found')]);
    }
  });

  it('lists what there is, and nothing else', async () => {
    const { body } = await app.api.get(METADATA);
    const at = (path: string) => `https://Auth.example.com:8443/tenant${path}`;
    expect(body).toEqual({
      issuer: ISSUER,
      token_endpoint: at('/oauth/token'),
      token_endpoint_auth_methods_supported: [...AUTHENTICATED, 'none'],
      token_endpoint_auth_signing_alg_values_supported: SIGNED_BY,
      jwks_uri: at(JWKS),
      grant_types_supported: ['client_credentials', 'refresh_token'],
      response_types_supported: [],
      introspection_endpoint: at('/oauth/introspect'),
      introspection_endpoint_auth_methods_supported: AUTHENTICATED,
      introspection_endpoint_auth_signing_alg_values_supported: SIGNED_BY,
      revocation_endpoint: at('/oauth/revoke'),
      revocation_endpoint_auth_methods_supported: AUTHENTICATED,
      revocation_endpoint_auth_signing_alg_values_supported: SIGNED_BY,
      service_documentation: at('/docs'),
      latchkey_deployment_id: expect.stringMatching(UUID),
    });
    for (const [name, url] of Object.entries<string>(body)) {
      if (!/_endpoint$|_uri$/.test(name)) continue;
      const path = new URL(url).pathname.replace('/tenant', '');
      const answer = await app.api.send(name === 'jwks_uri' ? 'GET' : 'POST', path, undefined);
      expect([name, answer.status]).not.toEqual([name, 404]);
    }
  });
});

describe.each([METADATA, JWKS])('%s', (path) => {
  const get = (known?: string) =>
    app.api.get(path, { headers: known === undefined ? {} : { 'If-None-Match': known } });

  it('may be kept for five minutes, and is not sent again to whoever has it', async () => {
    const first = await get();
    expect(first.headers.get('cache-control')).toBe('public, max-age=300');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await get(known);
      expect([known, again.status, again.text]).toEqual([known, 304, '']);
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe('public, max-age=300');
    }
    for (const known of ['"x"', etag.slice(0, -1), '', etag.replaceAll('"', '')]) {
      expect([known, (await get(known)).status]).toEqual([known, 200]);
    }
  });

  it('is sent when it has changed', async () => {
    const former = await get();
    await app.api.post('/admin/keys/rotate', { force: true }, { token: admin.accessToken });
    const now = await get(former.headers.get('etag') ?? '');
    expect(now.status).toBe(path === JWKS ? 200 : 304);
  });
});

it('a server whose secret is shared with nobody names no key set', async () => {
  await using other = await startTestApp({ JWT_ALGORITHM: 'HS256' });
  expect((await other.api.get(METADATA)).body).not.toHaveProperty('jwks_uri');
});
