/**
 * A password hash that has been read: its kind, its cost, its salt of 8 to 64 bytes and its digest
 * of 16 to 64 (a shorter one would be met by chance).
 */
export interface KnownHash {
  /** How it is stored. */
  readonly text: string;

  /** Its kind and cost: hashes that have it in common take the same work to check. */
  readonly cost: string;

  /** What its kind does not allow, so that nothing can be checked against it; undefined if nothing. */
  readonly impossible: string | undefined;

  /** Why it costs too much to be taken over from elsewhere; undefined when it does not. */
  readonly tooExpensive: string | undefined;

  /**
   * Works in Node's thread pool: for the hashing process alone.
   *
   * @param password as it is to be hashed: nothing is done to it
   */
  matches(password: string): Promise<boolean>;

  /** A hash that takes the same work to check, and that no password matches. */
  decoy(): KnownHash;
}

/** Base64 without padding, as PHC strings have it. */
export function unpaddedBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
