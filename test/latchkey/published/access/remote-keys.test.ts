import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { generateSigningKey } from '../../../../src/latchkey/tokens/keys/store/signing-key-material.js';
import { encodeJson, type Members, signToken } from '../../../builders/access-tokens.js';
import { eventually } from '../../../support/eventually.js';
import type { OtherAnswer, TestIssuer } from './test-issuer.js';
import { VerifyingService } from './verifying-service.js';

const COOLDOWN_SECONDS = 1;

// Most of their time they wait for a cooldown.
describe('the keys of a service that only verifies', () => {
  it.concurrent.each(['ES256', 'RS256', 'PS256'] as const)('verify %s', async (algorithm) => {
    await using service = await VerifyingService.create();
    const { issuer } = service;
    await issuer.changeKey(algorithm);
    issuer.keys = [issuer.publicJwk];
    service.start();
    expect(await service.outcome()).toBe('accepted');
  });

  it.concurrent('are fetched once for any number of tokens, at first sight and after', async () => {
    await using service = await VerifyingService.create();
    service.start();
    const tokens = Array.from({ length: 50 }, () => service.issuer.token());
    for (const token of [...tokens, ...tokens]) {
      expect(await service.outcome(token)).toBe('accepted');
    }
    expect(service.issuer.fetches).toBe(1);
  });

  it.concurrent('are not spoilt by members that are no keys to verify with, nor are those used', async () => {
    await using service = await VerifyingService.create();
    const { issuer } = service;
    const good = await generateSigningKey('ES256');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const bad = [
      { alg: undefined },
      { alg: 'ES384' },
      { alg: 'RS256' },
      { crv: 'P-384' },
      { use: 'enc' },
      { key_ops: ['sign'] },
      { d: 'AAAA' },
      { y: Buffer.alloc(32, 7).toString('base64url') },
      { x: 7 },
    ].map((change, index) => ({ ...good.publicJwk, kid: `bad-${index}`, ...change }));
    const strong = await generateSigningKey('RS256');
    // With 1 a signature is the padded hash itself: anybody can write it.
    const exponents = ['AQ', 'Ag', 'Aw', 'AQAA'].map((e) => ({
      ...strong.publicJwk,
      kid: `exponent-${e}`,
      e,
    }));
    const weak = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256' } as JWK;
    const secret = { kty: 'oct', kid: 'secret', alg: 'HS256', k: 'c2VjcmV0' };
    const nonsense = [null, 'key', {}, { ...good.publicJwk, kid: 7 }];
    issuer.keys = [...nonsense, secret, ...bad, ...exponents, weak, issuer.publicJwk];
    service.start();
    expect(await service.outcome()).toBe('accepted');

    const claims = issuer.claims();
    const forged = [
      ...bad.map(({ kid }) => signToken({ ...good, kid }, claims)),
      ...exponents.map(({ kid }) => signToken({ ...strong, kid }, claims)),
      signToken({ kid: 'weak', algorithm: 'RS256', privateKey: rsa.privateKey }, claims),
      issuer.token({}, { kid: 'secret', alg: 'HS256' }),
    ];
    const outcomes = await Promise.all(forged.map((token) => service.outcome(token)));
    expect(new Set(outcomes)).toEqual(new Set(['access.token_invalid']));
    expect(await service.outcome(selfSigned('exponent-AQ', claims, strong.privateKey))).toBe(
      'access.token_invalid',
    );
  });

  it.concurrent('are fetched again before they are too old', async () => {
    await using service = await VerifyingService.create();
    const { issuer } = service;
    issuer.maxAgeSeconds = 2;
    service.start();
    expect(await service.outcome()).toBe('accepted');
    const startedAt = performance.now();
    await eventually(() => expect(issuer.fetches).toBe(2), { within: 4 });
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
  });

  it.concurrent('are fetched for a key that is not known, at most once per cooldown, however many forge', async () => {
    await using service = await VerifyingService.create();
    const { issuer } = service;
    service.start();
    expect(await service.outcome()).toBe('accepted');
    const startedAt = performance.now();
    const refused = forgeries(issuer, 600).map((token) => service.outcome(token));

    await issuer.changeKey();
    issuer.keys = [...issuer.keys, issuer.publicJwk];
    expect(await service.outcome()).toBe('accepted');
    expect(new Set(await Promise.all(refused))).toEqual(new Set(['access.token_invalid']));
    const seconds = (performance.now() - startedAt) / 1_000;
    expect(issuer.fetches - 1).toBeLessThanOrEqual(1 + Math.floor(seconds / COOLDOWN_SECONDS));
  });

  it.concurrent('keep no more than a bounded number of requests waiting', async () => {
    await using service = await VerifyingService.create();
    service.start();
    expect(await service.outcome()).toBe('accepted');
    const tokens = forgeries(service.issuer, 1_500);
    const outcomes = await Promise.all(tokens.map((token) => service.outcome(token)));
    const count = (code: string) => outcomes.filter((one) => one === code).length;
    expect(count('access.token_invalid')).toBe(1_000);
    expect(count('access.keys_unavailable')).toBe(500);
  });

  it.concurrent('are never too late for a token of a key that was published a moment ago', async () => {
    await using service = await VerifyingService.create();
    const { issuer } = service;
    service.start();
    for (let rotation = 0; rotation < 3; rotation++) {
      await issuer.changeKey();
      issuer.keys = [...issuer.keys, issuer.publicJwk];
      expect(await service.outcome()).toBe('accepted');
    }
  });

  it.concurrent.each<[string, () => Promise<unknown[]>]>([
    ['for another key', async () => [(await generateSigningKey('ES256')).publicJwk]],
    ['for none at all', async () => []],
  ])(
    'that are published no more, %s, make their tokens stale, and are good again when they are back',
    async (_, others) => {
      await using service = await VerifyingService.create();
      const { issuer } = service;
      issuer.maxAgeSeconds = 2;
      service.start();
      const token = issuer.token();
      expect(await service.outcome(token)).toBe('accepted');
      const { keys } = issuer;
      issuer.keys = await others();
      const becomes = (code: string) =>
        eventually(async () => expect(await service.outcome(token)).toBe(code), { within: 5 });
      await becomes('access.token_stale');
      issuer.keys = keys;
      await becomes('accepted');
    },
  );

  it.concurrent('go on verifying while the issuer publishes none that can be read', async () => {
    await using service = await VerifyingService.create();
    const { issuer } = service;
    issuer.maxAgeSeconds = 2;
    service.start();
    const token = issuer.token();
    expect(await service.outcome(token)).toBe('accepted');
    issuer.keys = [{ kty: 'oct', kid: 'secret', alg: 'HS256' }, null];
    await eventually(() => expect(issuer.fetches).toBe(3), { within: 5 });
    expect(await service.outcome(token)).toBe('accepted');
  });

  it.concurrent('go on verifying while the issuer is away; of others nobody can tell until it is back', async () => {
    await using service = await VerifyingService.create();
    const { issuer } = service;
    issuer.maxAgeSeconds = 2;
    service.start();
    const token = issuer.token();
    const unknown = issuer.token({}, { kid: 'unknown' });
    expect(await service.outcome(token)).toBe('accepted');
    await issuer.close();
    expect(await service.outcome(unknown)).toBe('access.keys_unavailable');
    for (const one of [token, issuer.token()]) expect(await service.outcome(one)).toBe('accepted');
    await issuer.open();
    await eventually(
      async () => expect(await service.outcome(unknown)).toBe('access.token_invalid'),
      { within: 5 },
    );
  });

  it.concurrent.each<[string, OtherAnswer]>([
    ['does not answer', () => undefined],
    ['never finishes its answer', (response) => response.write('{"keys":[')],
    ['sends without end', sendWithoutEnd],
    ['sends far too much', (response, keys) => response.end(jwks(keys, 'x'.repeat(300_000)))],
    ['answers with an error', (response, keys) => response.writeHead(500).end(jwks(keys))],
    ['answers with something else', (response) => response.end('<html>')],
    ['publishes nothing', (response) => response.end('{"keys":[]}')],
    ['redirects', redirect],
  ])(
    'that cannot be had, as the issuer %s, refuse with 503 until it is mended',
    async (_, answer) => {
      await using service = await VerifyingService.create();
      service.issuer.otherAnswer = answer;
      service.start({ jwksTimeoutMilliseconds: 300 });
      const { code, definition, retryAfterSeconds } = await service.refusal();
      expect([code, definition.status]).toEqual(['access.keys_unavailable', 503]);
      expect(retryAfterSeconds).toBe(1);
      service.issuer.otherAnswer = undefined;
      await eventually(async () => expect(await service.outcome()).toBe('accepted'), { within: 5 });
    },
  );

  it.concurrent.each<[string, (issuer: TestIssuer) => string]>([
    ['another issuer', (issuer) => issuer.token({ iss: 'http://elsewhere.test' })],
    ['the issuer, spelt otherwise', (issuer) => issuer.token({ iss: `${issuer.origin}/` })],
    ['another audience', (issuer) => issuer.token({ aud: 'another' })],
    ['another type', (issuer) => issuer.token({}, { typ: 'JWT' })],
    ['no algorithm', (issuer) => issuer.token({}, { alg: 'none' })],
    ['another algorithm', (issuer) => issuer.token({}, { alg: 'RS256' })],
    ['the public key as a shared secret', hmacByPublicKey],
    ['a key in its header', (issuer) => issuer.token({}, { kid: 'x', jwk: issuer.publicJwk })],
  ])('refuse a token of %s', async (_, token) => {
    await using service = await VerifyingService.create();
    service.start();
    expect(await service.outcome()).toBe('accepted');
    expect(await service.outcome(token(service.issuer))).toBe('access.token_invalid');
  });
});

function forgeries(issuer: TestIssuer, count: number): string[] {
  return Array.from({ length: count }, (_, index) => issuer.token({}, { kid: `forged-${index}` }));
}

function hmacByPublicKey(issuer: TestIssuer): string {
  const { kid, privateKey } = issuer.signingKey;
  const pem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' });
  const header = encodeJson({ alg: 'HS256', kid, typ: 'at+jwt' });
  const signed = `${header}.${encodeJson(issuer.claims())}`;
  return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
}

function jwks(keys: readonly unknown[], padding = ''): string {
  return JSON.stringify({ keys, padding });
}

/** To where the keys are. */
function redirect(response: ServerResponse, keys: readonly unknown[]): void {
  if (response.req.url === '/other') response.end(jwks(keys));
  else response.writeHead(302, { Location: '/other' }).end();
}

function sendWithoutEnd(response: ServerResponse): void {
  const send = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  };
  response.on('drain', send);
  send();
}

/** What passes for a signature by a key whose exponent is 1 (RFC 8017 section 9.2). */
function selfSigned(kid: string, claims: Members, { asymmetricKeyDetails }: KeyObject): string {
  const input = [{ alg: 'RS256', kid, typ: 'at+jwt' }, claims].map(encodeJson).join('.');
  const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const hash = Buffer.concat([digestInfo, createHash('sha256').update(input).digest()]);
  const bytes = (asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const padding = Buffer.alloc(bytes - hash.length - 3, 0xff);
  const signature = Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), hash]);
  return `${input}.${signature.toString('base64url')}`;
}
