import { createHmac } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  claimsOf,
  encodeJson,
  headerOf,
  type Members,
  signerOf,
} from '../../builders/access-tokens.js';
import { signIn, signUp } from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { createStores } from '../../support/stores.js';
import { ISSUER, startTestApp, TestApp } from '../../support/test-app.js';
import { sampled } from '../../support/test-depth.js';

const EC_MEMBERS = ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'];
const RSA_MEMBERS = ['alg', 'e', 'kid', 'kty', 'n', 'use'];

/** Verifies as another service would that knows nothing but the address of the JWKS. */
function verifyElsewhere(app: TestApp, token: string, algorithm: string) {
  const keys = createRemoteJWKSet(new URL(`${app.origin}/.well-known/jwks.json`));
  return jwtVerify(token, keys, {
    issuer: ISSUER,
    audience: 'latchkey',
    algorithms: [algorithm],
    typ: 'at+jwt',
    requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp', 'client_id'],
  });
}

/** In quick the first: keys of RSA take long to make, and signatures.test.ts makes some. */
const ALGORITHMS: readonly (readonly [string, readonly string[]])[] = [
  ['ES256', EC_MEMBERS],
  ['PS256', RSA_MEMBERS],
  ['RS256', RSA_MEMBERS],
];

describe.each(sampled(ALGORITHMS, { oneIn: ALGORITHMS.length }))(
  'with %s',
  (algorithm, members) => {
    it('signs in, verifies, and publishes what others need to verify, and no more', async () => {
      await using app = await startTestApp({ JWT_ALGORITHM: algorithm });
      const { userId, sessionId, accessToken } = await signUp(app);
      const { kid } = headerOf(accessToken);
      expect(headerOf(accessToken)).toEqual({ alg: algorithm, kid, typ: 'at+jwt' });
      expect((await app.api.get('/auth/me', { token: accessToken })).status).toBe(200);

      const jwks = await app.api.get('/.well-known/jwks.json');
      expect(jwks.headers.get('cache-control')).toBe('public, max-age=300');
      const [key, ...others] = jwks.body.keys.sort((one: Members) => (one.kid === kid ? -1 : 1));
      expect(others).toHaveLength(1);
      for (const published of jwks.body.keys) {
        expect(Object.keys(published).sort()).toEqual(members);
        expect(published).toMatchObject({ alg: algorithm, use: 'sig' });
      }
      expect(key.kid).toBe(kid);
      if (key.kty === 'RSA') {
        const modulus = Buffer.from(key.n, 'base64url');
        expect(modulus.length * 8).toBeGreaterThanOrEqual(3072);
      }

      const verified = await verifyElsewhere(app, accessToken, algorithm);
      expect(verified.payload).toMatchObject({ sub: userId, sid: sessionId });
    });
  },
);

describe('with HS256', () => {
  it('signs in and verifies, and publishes no key', async () => {
    await using app = await startTestApp({ JWT_ALGORITHM: 'HS256' });
    const { accessToken } = await signUp(app);
    expect(headerOf(accessToken).alg).toBe('HS256');
    expect((await app.api.get('/auth/me', { token: accessToken })).status).toBe(200);
    expect((await app.api.get('/.well-known/jwks.json')).body).toEqual({ keys: [] });
    await expect(verifyElsewhere(app, accessToken, 'HS256')).rejects.toThrow();

    for (const secret of ['', 'secret', 'latchkey', signerOf(app).kid]) {
      const header = encodeJson(headerOf(accessToken));
      const signed = `${header}.${encodeJson(claimsOf(accessToken))}`;
      const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      const answer = await app.api.get('/auth/me', { token });
      expect(refusalOf(answer)).toEqual(refused(401, 'access.token_invalid'));
    }
  });
});

it('accepts a token on every instance', async () => {
  const stores = await createStores();
  const [one, two] = [await TestApp.start({ stores }), await TestApp.start({ stores })];
  const { accessToken, email } = await signUp(one);
  expect((await two.api.get('/auth/me', { token: accessToken })).status).toBe(200);
  const { accessToken: fromTwo } = await signIn(two.api, email);
  expect(headerOf(fromTwo).kid).toBe(headerOf(accessToken).kid);
  await one.stop();
  await two.stop();
  await stores.drop();
});
