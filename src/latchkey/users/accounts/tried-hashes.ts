import { LRUCache } from 'lru-cache';
import type { PasswordHasher } from '../passwords/hashing/password-hasher.js';
import { readHash } from '../passwords/hashing/read-hash.js';

/** Some systems draw the number of rounds of each hash: memory must not grow with the file. */
const COSTS_REMEMBERED = 10_000;

/** Tries each kind and cost of hash once, so that no account is imported that could never sign in. */
export class TriedHashes {
  private readonly outcomes = new LRUCache<string, { readonly problem: string | null }>({
    max: COSTS_REMEMBERED,
  });

  constructor(private readonly hasher: PasswordHasher) {}

  /**
   * @param text a hash of a known form
   * @returns why it cannot be verified; null when it can
   * @throws LatchkeyError `auth.busy`
   */
  async problemOf(text: string): Promise<string | null> {
    const hash = readHash(text);
    if (hash === null) return 'it is of no known form';
    const known = this.outcomes.get(hash.cost);
    if (known !== undefined) return known.problem;
    const problem = await this.hasher.tryOut(hash);
    this.outcomes.set(hash.cost, { problem });
    return problem;
  }
}
