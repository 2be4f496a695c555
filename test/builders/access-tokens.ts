import { constants, createHmac, type KeyObject, sign as signBytes } from 'node:crypto';
import type { JwtAlgorithm } from '../../src/latchkey/access/verification/verification-keys.js';
import { SigningKeys } from '../../src/latchkey/tokens/keys/signing-keys.js';
import type { TestApp } from '../support/test-app.js';

/** Claims or a header of a token that may say anything. */
export type Members = Record<string, unknown>;

/** What signs a token, be it the application's own or a forger's. */
export interface Signer {
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  readonly privateKey: KeyObject;
}

/** The key that the application signs with. */
export function signerOf(app: TestApp): Signer {
  return app.nest.get(SigningKeys, { strict: false }).current();
}

/**
 * Signs anything with the application's own key, as the application itself would: what is refused
 * then is refused for what it says and not for its signature. An undefined member is left out.
 */
export function forge(app: TestApp, claims: Members | string, header: Members = {}): string {
  return signToken(signerOf(app), claims, header);
}

/** @param claims the claims, or the text that stands in their place */
export function signToken(
  { kid, algorithm, privateKey }: Signer,
  claims: Members | string,
  header: Members = {},
): string {
  const head = encodeJson({ alg: algorithm, kid, typ: 'at+jwt', ...header });
  const payload = typeof claims === 'string' ? encode(claims) : encodeJson(claims);
  return signParts(`${head}.${payload}`, algorithm, privateKey);
}

/** Completes a token whose header and payload stand already (RFC 7518 section 3). */
export function signParts(signed: string, algorithm: JwtAlgorithm, key: KeyObject): string {
  const signature = signatureOf(Buffer.from(signed), algorithm, key);
  return `${signed}.${signature.toString('base64url')}`;
}

function signatureOf(signed: Buffer, algorithm: JwtAlgorithm, key: KeyObject): Buffer {
  switch (algorithm) {
    case 'ES256':
      return signBytes('sha256', signed, { key, dsaEncoding: 'ieee-p1363' });
    case 'RS256':
      return signBytes('sha256', signed, key);
    case 'PS256':
      return signBytes('sha256', signed, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'HS256':
      return createHmac('sha256', key).update(signed).digest();
  }
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Members {
  return decode(token.split('.')[1]);
}

/** The header of a token, unverified. */
export function headerOf(token: string): Members {
  return decode(token.split('.')[0]);
}

export function encodeJson(value: unknown): string {
  return encode(JSON.stringify(value));
}

export function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function decode(part = ''): Members {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
