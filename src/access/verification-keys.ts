import type { KeyObject } from 'node:crypto';

export const JWT_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'HS256'] as const;
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

export interface VerificationKey {
  readonly kid: string;
  /** The only algorithm that this key may verify (RFC 8725 section 3.1). */
  readonly algorithm: JwtAlgorithm;
  /** A public key; for HS256 the shared secret. */
  readonly key: KeyObject;
}

/** The keys that access tokens may be signed with, by `kid`, from memory. */
export abstract class VerificationKeys {
  abstract find(kid: string): VerificationKey | undefined;
}
