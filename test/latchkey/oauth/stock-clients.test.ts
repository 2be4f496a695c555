import { createPublicKey, type JsonWebKey } from 'node:crypto';
import {
  createRemoteJWKSet,
  type JWTVerifyGetKey,
  customFetch as joseFetch,
  jwtVerify,
} from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import * as oauth from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { type Client, clientToken, createClient } from '../../builders/clients.js';
import { ageKeys } from '../../builders/signing-keys.js';
import { ISSUER, startTestApp } from '../../support/test-app.js';

const PUBLISHED_LONG_ENOUGH = 331;

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let client: Client;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  client = await createClient(app.api, admin, ['user']);
});
afterAll(() => app[Symbol.asyncDispose]());

/** The issuer's name, as a resolver would have it, stands for the port of this test. */
const toApp = (url: string, init: object) => fetch(url.replace(ISSUER, app.origin), init);

describe('openid-client', () => {
  const discover = (id: string, authentication: oauth.ClientAuth) =>
    oauth.discovery(new URL(ISSUER), id, undefined, authentication, {
      algorithm: 'oauth2',
      execute: [oauth.allowInsecureRequests],
      [oauth.customFetch]: toApp,
    });

  it.each([
    ['client_secret_basic', oauth.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost],
  ])('finds its way by the metadata, with %s', async (_, authentication) => {
    const config = await discover(client.id, authentication(client.secret));
    const granted = await oauth.clientCredentialsGrant(config);
    expect(granted.expiresIn()).toBeGreaterThan(800);

    const live = await oauth.tokenIntrospection(config, granted.access_token);
    expect(live).toMatchObject({ active: true, sub: client.id });
    await oauth.tokenRevocation(config, granted.access_token);
    const after = await oauth.tokenIntrospection(config, granted.access_token);
    expect(after).toEqual({ active: false });
  });

  it('refreshes the session of a user', async () => {
    const config = await discover('latchkey', oauth.None());
    const { refreshToken, userId } = await signUp(app);
    const first = await oauth.refreshTokenGrant(config, refreshToken);
    const second = await oauth.refreshTokenGrant(config, first.refresh_token ?? '');
    const { body } = await app.api.get('/auth/me', { token: second.access_token });
    expect(body.userId).toBe(userId);
  });

  it('understands what is wrong', async () => {
    const config = await discover(client.id, oauth.ClientSecretBasic('lks_wrong'));
    await expect(oauth.clientCredentialsGrant(config)).rejects.toMatchObject({
      status: 401,
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
    });
    const open = await discover('latchkey', oauth.None());
    await expect(oauth.refreshTokenGrant(open, 'lkr_x')).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
    });
  });
});

describe('jose', () => {
  const JWKS = new URL(`${ISSUER}/.well-known/jwks.json`);
  const verify = async (keys: JWTVerifyGetKey) => {
    const rules = { issuer: ISSUER, audience: 'latchkey', typ: 'at+jwt' };
    return (await jwtVerify(await clientToken(app.api, client), keys, rules)).payload.sub;
  };
  const rotate = async (force: boolean) => {
    const { status } = await app.api.post(
      '/admin/keys/rotate',
      { force },
      { token: admin.accessToken },
    );
    expect(status).toBe(200);
  };

  it('verifies by the key set, and finds a new key by itself', async () => {
    const keys = createRemoteJWKSet(JWKS, { cooldownDuration: 0, [joseFetch]: toApp });
    expect(await verify(keys)).toBe(client.id);
    for (let turn = 0; turn < 2; turn += 1) {
      await rotate(true);
      expect(await verify(keys)).toBe(client.id);
    }
  });

  it('as it is by default has the next key before it signs', async () => {
    const fetched: string[] = [];
    const keys = createRemoteJWKSet(JWKS, {
      [joseFetch]: (url, init) => {
        fetched.push(url);
        return toApp(url, init);
      },
    });
    expect(await verify(keys)).toBe(client.id);
    await ageKeys(app.stores, PUBLISHED_LONG_ENOUGH);
    await rotate(false);
    expect(await verify(keys)).toBe(client.id);
    expect(fetched).toEqual([JWKS.href]);
  });
});

describe('jsonwebtoken', () => {
  it('verifies by the public key alone', async () => {
    const token = await clientToken(app.api, client);
    const { kid } = jsonwebtoken.decode(token, { complete: true })?.header ?? {};
    const { body } = await app.api.get('/.well-known/jwks.json');
    const jwk = body.keys.find((key: { kid: string }) => key.kid === kid) as JsonWebKey;
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    const rules = { algorithms: ['ES256' as const], issuer: ISSUER, audience: 'latchkey' };
    expect(jsonwebtoken.verify(token, pem, rules).sub).toBe(client.id);
    const forged = jsonwebtoken.sign({ sub: client.id }, String(pem), { algorithm: 'HS256' });
    expect(() => jsonwebtoken.verify(forged, pem, rules)).toThrow();
  });
});

// The last: each starts an instance, and the one that was started last verifies passwords.
describe('openid-client, where the issuer has a path', () => {
  it.each(['/tenant', '/tenant/', '/a/b'])('finds its way with %s', async (path) => {
    const issuer = ISSUER + path;
    await using tenant = await startTestApp({ JWT_ISSUER: issuer });
    const { id, secret } = await createClient(tenant.api, await signUpAdmin(tenant));
    // As a proxy does that takes the path away, and leads the metadata's own path here as it is.
    const byProxy = (url: string, init: object) =>
      fetch(url.replace(issuer.replace(/\/$/, ''), ISSUER).replace(ISSUER, tenant.origin), init);
    const authentication = oauth.ClientSecretBasic(secret);
    const config = await oauth.discovery(new URL(issuer), id, undefined, authentication, {
      algorithm: 'oauth2',
      execute: [oauth.allowInsecureRequests],
      [oauth.customFetch]: byProxy,
    });
    const granted = await oauth.clientCredentialsGrant(config);
    const live = await oauth.tokenIntrospection(config, granted.access_token);
    expect(live).toMatchObject({ active: true, iss: issuer });
  });
});
