import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { JwtAlgorithm, VerificationKey } from '../../access/verification-keys.js';

/** A key in memory that access tokens are signed with, have been, or will be. */
export interface SigningKey extends VerificationKey {
  readonly algorithm: JwtAlgorithm;
  /** What the JWKS shows of it; null for HS256, and once it has been revoked. */
  readonly publicJwk: JWK | null;
}

/** Every key that verifies or has lately been revoked, and the one that signs. */
export interface SigningKeyRing {
  readonly current: SigningKey & { readonly privateKey: KeyObject };
  readonly keys: readonly SigningKey[];
}
