import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type CborValue, readCbor } from './cbor.js';
import { requireThat, WebAuthnRefusal } from './webauthn-refusal.js';

/** Numbers of COSE (RFC 9053) for what is offered to authenticators, the one that we like best first. */
export const ALGORITHMS = { EdDSA: -8, ES256: -7, RS256: -257 } as const;
export const OFFERED_ALGORITHMS: readonly number[] = Object.values(ALGORITHMS);

const KTY = 1;
const ALG = 3;
const CRV = -1;
const KTY_OKP = 1;
const KTY_EC2 = 2;
const KTY_RSA = 3;
const P256 = 1;
const ED25519 = 6;
const COORDINATE_BYTES = 32;
const MIN_RSA_BYTES = 256;
const MAX_RSA_BYTES = 1_024;

export interface CredentialKey {
  readonly algorithm: number;
  readonly key: KeyObject;
}

/**
 * Reads the public key of a credential (RFC 9052 section 7, RFC 9053).
 *
 * @throws WebAuthnRefusal for one of an algorithm that was not offered, or that is not in its form
 */
export function readCoseKey(bytes: Buffer): CredentialKey {
  const { value, end } = readCbor(bytes);
  requireThat(end === bytes.length && value instanceof Map, 'the public key is not in its form');
  const algorithm = value.get(ALG);
  requireThat(
    typeof algorithm === 'number' && OFFERED_ALGORITHMS.includes(algorithm),
    'the public key is of an algorithm that was not offered',
  );
  return { algorithm, key: toKey(algorithm, value) };
}

function toKey(algorithm: number, cose: Map<number | string, CborValue>): KeyObject {
  try {
    return createPublicKey({ key: jwkOf(algorithm, cose), format: 'jwk' });
  } catch (error) {
    if (error instanceof WebAuthnRefusal) throw error;
    throw new WebAuthnRefusal('the public key is none');
  }
}

function jwkOf(algorithm: number, cose: Map<number | string, CborValue>) {
  const has = (key: number, value: number) => cose.get(key) === value;
  const bytes = (key: number, min: number, max = min) => {
    const part = cose.get(key);
    const fits = Buffer.isBuffer(part) && part.length >= min && part.length <= max;
    requireThat(fits, 'a part of the public key has not its length');
    return part.toString('base64url');
  };
  if (algorithm === ALGORITHMS.ES256) {
    requireThat(has(KTY, KTY_EC2) && has(CRV, P256), 'the public key is of another curve');
    return {
      kty: 'EC',
      crv: 'P-256',
      x: bytes(-2, COORDINATE_BYTES),
      y: bytes(-3, COORDINATE_BYTES),
    };
  }
  if (algorithm === ALGORITHMS.EdDSA) {
    requireThat(has(KTY, KTY_OKP) && has(CRV, ED25519), 'the public key is of another curve');
    return { kty: 'OKP', crv: 'Ed25519', x: bytes(-2, COORDINATE_BYTES) };
  }
  requireThat(has(KTY, KTY_RSA), 'the public key is of another type');
  return { kty: 'RSA', n: bytes(-1, MIN_RSA_BYTES, MAX_RSA_BYTES), e: bytes(-2, 1, 4) };
}

/** Whether the key has signed it (WebAuthn Level 3 section 6.5.5: signatures of ES256 are in ASN.1). */
export function hasSigned(
  { algorithm, key }: CredentialKey,
  signed: Buffer,
  signature: Buffer,
): boolean {
  const digest = algorithm === ALGORITHMS.EdDSA ? null : 'sha256';
  try {
    return verify(digest, signed, key, signature);
  } catch {
    return false;
  }
}
