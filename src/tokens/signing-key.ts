import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { VerificationKey } from '../access/verification-keys.js';

/** A key in memory that access tokens are signed with, or have been. */
export interface SigningKey extends VerificationKey {
  /** Absent once the key no longer signs. For HS256 the same secret that verifies. */
  readonly privateKey?: KeyObject;
  /** What the JWKS shows of it; absent for HS256. */
  readonly publicJwk?: JWK;
}

/** Every key that verifies, and the one that signs. */
export interface SigningKeyRing {
  readonly current: SigningKey & { readonly privateKey: KeyObject };
  readonly keys: readonly SigningKey[];
}
