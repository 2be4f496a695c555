import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { JwtAlgorithm } from '../access/verification-keys.js';

/** The algorithms whose public keys a JWKS can show. */
export type AsymmetricAlgorithm = Exclude<JwtAlgorithm, 'HS256'>;

export interface KeyPair {
  readonly kid: string;
  readonly algorithm: AsymmetricAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
}

const RSA_BITS = 2048;
const generate = promisify(generateKeyPair);

/** A new key pair; its `kid` is the thumbprint of the public key (RFC 7638). */
export async function generateSigningKeyPair(algorithm: AsymmetricAlgorithm): Promise<KeyPair> {
  const { privateKey, publicKey } =
    algorithm === 'ES256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: RSA_BITS });
  const members = publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(members, 'sha256');
  return { kid, algorithm, privateKey, publicJwk: { ...members, kid, alg: algorithm, use: 'sig' } };
}
