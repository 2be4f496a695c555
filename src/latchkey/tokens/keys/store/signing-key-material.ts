import {
  createPrivateKey,
  createSecretKey,
  generateKey,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { JwtAlgorithm } from '../../../access/verification/verification-keys.js';

export interface SigningKeyMaterial {
  /** The thumbprint of the key (RFC 7638): of a secret with 256 random bits, it tells nothing. */
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  /** For HS256 the secret. */
  readonly privateKey: KeyObject;
  /** Null for HS256. */
  readonly publicJwk: JWK | null;
}

/** Some 128 bits of security (NIST SP 800-57 part 1, table 2). Shorter ones from before go on verifying. */
const RSA_BITS = 3072;
const SECRET_BITS = 256;
const generatePair = promisify(generateKeyPair);
const generateSecret = promisify(generateKey);

export async function generateSigningKey(algorithm: JwtAlgorithm): Promise<SigningKeyMaterial> {
  if (algorithm === 'HS256') {
    const secret = await generateSecret('hmac', { length: SECRET_BITS });
    return { kid: await thumbprint(secret), algorithm, privateKey: secret, publicJwk: null };
  }
  const { privateKey, publicKey } =
    algorithm === 'ES256'
      ? await generatePair('ec', { namedCurve: 'P-256' })
      : await generatePair('rsa', { modulusLength: RSA_BITS });
  const kid = await thumbprint(publicKey);
  const members = publicKey.export({ format: 'jwk' }) as JWK;
  return { kid, algorithm, privateKey, publicJwk: { ...members, kid, alg: algorithm, use: 'sig' } };
}

/** The bytes to keep; `importPrivateKey` reads them. */
export function exportPrivateKey(key: KeyObject): Buffer {
  return key.type === 'secret' ? key.export() : key.export({ format: 'der', type: 'pkcs8' });
}

export function importPrivateKey(algorithm: JwtAlgorithm, bytes: Buffer): KeyObject {
  return algorithm === 'HS256'
    ? createSecretKey(bytes)
    : createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
}

function thumbprint(key: KeyObject): Promise<string> {
  return calculateJwkThumbprint(key.export({ format: 'jwk' }) as JWK, 'sha256');
}
