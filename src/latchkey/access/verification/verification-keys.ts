import type { KeyObject } from 'node:crypto';

export const JWT_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'HS256'] as const;
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

export interface VerificationKey {
  readonly kid: string;
  /**
   * The only algorithm that this key may verify (RFC 8725 section 3.1). Null when nothing but its
   * revocation is known of it.
   */
  readonly algorithm: JwtAlgorithm | null;
  /**
   * A public key; for HS256 the shared secret. Null once it has been revoked: then it verifies
   * nothing, and a refresh replaces the tokens that it signed.
   */
  readonly key: KeyObject | null;
}

/** The keys that access tokens may be signed with, by `kid`. */
export abstract class VerificationKeys {
  /** From memory. The same object as long as nothing about the key has changed. */
  abstract find(kid: string): VerificationKey | undefined;

  /**
   * For a `kid` that `find` does not know: looks again where the keys come from, but at most once
   * per cooldown, however many tokens name keys that do not exist.
   *
   * @throws LatchkeyError `access.keys_unavailable` when the source of the keys could not be asked,
   *   so that it is not known whether there is such a key
   */
  abstract lookUp(kid: string): Promise<VerificationKey | undefined>;
}
