import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningKeys } from '../../../src/latchkey/tokens/keys/signing-keys.js';
import {
  claimsOf,
  encodeJson,
  forge,
  type Members,
  type Signer,
  signerOf,
  signParts,
  signToken,
} from '../../builders/access-tokens.js';
import { signUp } from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { sampled } from '../../support/test-depth.js';

const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const INVALID = refused(401, 'access.token_invalid');

/** In quick the first and the last: a key of RSA takes long to make. */
const ALGORITHMS = sampled(['ES256', 'RS256', 'PS256'] as const, { oneIn: 2 });

describe.each(ALGORITHMS)('an application that signs by %s', (own) => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let signer: Signer;
  let publicKey: KeyObject;
  let claims: Members;
  let genuine: string;

  beforeAll(async () => {
    app = await startTestApp({ JWT_ALGORITHM: own });
    signer = signerOf(app);
    publicKey = createPublicKey(signer.privateKey);
    ({ accessToken: genuine } = await signUp(app));
    claims = claimsOf(genuine);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const present = async (token: string) => {
    const answer = await app.api.get('/auth/me', { token });
    return { refusal: refusalOf(answer), challenge: answer.headers.get('www-authenticate') };
  };
  const expectInvalid = async (token: string) =>
    expect(await present(token)).toEqual({
      refusal: INVALID,
      challenge: 'Bearer error="invalid_token"',
    });

  it('accepts what its key has signed', async () => {
    const { status } = await app.api.get('/auth/me', { token: forge(app, claims) });
    expect(status).toBe(200);
  });

  it.each(['none', 'None', 'NONE', 'nOnE', 'none ', '', 'null', 'HS256', 'ES256K', 'EdDSA'])(
    'refuses alg "%s" with no signature or with the one of a genuine token',
    async (alg) => {
      const unsigned = `${encodeJson({ alg, kid: signer.kid, typ: 'at+jwt' })}.${encodeJson(claims)}`;
      const borrowed = genuine.split('.')[2];
      for (const token of [unsigned, `${unsigned}.`, `${unsigned}.${borrowed}`, `${unsigned}.AA`]) {
        await expectInvalid(token);
      }
    },
  );

  it('refuses other claims under the signature of a token that it has just accepted', async () => {
    const [header, payload, signature = ''] = genuine.split('.');
    expect((await app.api.get('/auth/me', { token: genuine })).status).toBe(200);
    const greater = encodeJson({ ...claims, permissions: ['*'] });
    await expectInvalid(`${header}.${greater}.${signature}`);
    const relabelled = encodeJson({ alg: own, kid: signer.kid, typ: 'at+jwt', cty: 'JWT' });
    await expectInvalid(`${relabelled}.${payload}.${signature}`);
    const [first = '', ...rest] = signature;
    await expectInvalid(`${header}.${payload}.${first === 'A' ? 'B' : 'A'}${rest.join('')}`);
    expect((await app.api.get('/auth/me', { token: genuine })).status).toBe(200);
  });

  it.each([undefined, null, 0, ['none'], [own], { alg: own }])(
    'refuses an alg that is no text: %j',
    async (alg) => {
      await expectInvalid(forge(app, claims, { alg }));
    },
  );

  it('refuses a token without its signature, and one with nothing but zeros for it', async () => {
    const [header, payload, signature = ''] = genuine.split('.');
    const zeros = Buffer.alloc(Buffer.from(signature, 'base64url').length).toString('base64url');
    for (const ending of ['', '.', '.AAAA', `.${zeros}`]) {
      await expectInvalid(`${header}.${payload}${ending}`);
    }
  });

  const spellings: [string, (key: KeyObject) => string | Buffer][] = [
    ['PEM', (key) => pem(key)],
    ['PEM without its last newline', (key) => pem(key).trimEnd()],
    ['PEM with CRLF', (key) => pem(key).replaceAll('\n', '\r\n')],
    ['PEM without its frame', (key) => pem(key).replaceAll(/-----[^-]+-----|\n/g, '')],
    ['DER', (key) => key.export({ type: 'spki', format: 'der' })],
    ['JWK', (key) => JSON.stringify(key.export({ format: 'jwk' }))],
    ['JWK as it is published', () => JSON.stringify(publishedJwk())],
    ['JWKS', () => JSON.stringify({ keys: [publishedJwk()] })],
    ['kid', () => signer.kid],
    ['nothing', () => ''],
  ];
  it.each(spellings)('refuses HS256 keyed with its public key as %s', async (_, spell) => {
    const secret = Buffer.from(spell(publicKey));
    for (const kid of [signer.kid, undefined]) {
      const header = encodeJson({ alg: 'HS256', kid, typ: 'at+jwt' });
      const privateKey = createSecretKey(secret);
      await expectInvalid(signParts(`${header}.${encodeJson(claims)}`, 'HS256', privateKey));
    }
  });

  it('refuses a stranger’s key under its own kid, by every algorithm', async () => {
    const { kid } = signer;
    for (const forger of [
      { kid, algorithm: 'ES256', privateKey: ec },
      { kid, algorithm: 'RS256', privateKey: rsa },
      { kid, algorithm: 'PS256', privateKey: rsa },
    ] as const) {
      await expectInvalid(signToken(forger, claims));
    }
  });

  it('refuses its own key used by another algorithm than its own', async () => {
    const others = own === 'ES256' ? [] : (['RS256', 'PS256'] as const);
    const tokens = others
      .filter((algorithm) => algorithm !== own)
      .map((algorithm) => signToken({ ...signer, algorithm }, claims));
    // The signature is right for the header that it stands under, and the header names another.
    tokens.push(forge(app, claims, { alg: own === 'PS256' ? 'RS256' : 'PS256' }));
    for (const token of tokens) await expectInvalid(token);
  });

  it('refuses a token in which a single bit of any part was changed', async () => {
    const parts = genuine.split('.').map((part) => Buffer.from(part, 'base64url'));
    for (const [index, part] of parts.entries()) {
      for (const offset of [0, part.length >> 1, part.length - 1]) {
        const changed = Buffer.from(part);
        changed.writeUInt8(changed.readUInt8(offset) ^ 1, offset);
        const token = parts.with(index, changed).map((bytes) => bytes.toString('base64url'));
        await expectInvalid(token.join('.'));
      }
    }
  });

  function publishedJwk() {
    return app.nest.get(SigningKeys, { strict: false }).jwks().keys[0];
  }
});

function pem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
