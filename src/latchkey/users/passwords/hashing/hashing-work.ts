import argon2 from 'argon2';
import { normalizePassword } from '../password-text.js';
import { readHash } from './read-hash.js';

/** What the hashing process is asked. It travels between processes as JSON. */
export type HashingWork =
  | {
      readonly task: 'hash';
      readonly password: string;
      readonly memoryKib: number;
      readonly timeCost: number;
    }
  | { readonly task: 'verify'; readonly password: string; readonly hash: string };

export interface HashingResults {
  /** A PHC string, with a salt of its own. */
  readonly hash: string;
  /** Whether the password is the one that was hashed. */
  readonly verify: boolean;
}

/** Does the work in the thread pool of the process that it is called in. */
export async function perform(work: HashingWork): Promise<HashingResults[HashingWork['task']]> {
  if (work.task === 'hash') {
    return argon2.hash(normalizePassword(work.password), argon2idOptions(work));
  }
  const hash = readHash(work.hash);
  if (hash === null) throw new Error('This is no hash of a kind that is known.');
  for (const form of formsOf(work.password)) {
    if (await hash.matches(form)) return true;
  }
  return false;
}

/**
 * The normal form, in which passwords are hashed here, and the one that was typed, which most other
 * systems hash. By the password alone and never by the hash, so that the time of a wrong one does
 * not tell where, or whether, there is an account.
 */
function formsOf(password: string): Set<string> {
  return new Set([normalizePassword(password), password]);
}

/** One lane: several would want more processors than the gate has given. */
export function argon2idOptions(cost: { readonly memoryKib: number; readonly timeCost: number }) {
  return {
    type: argon2.argon2id,
    memoryCost: cost.memoryKib,
    timeCost: cost.timeCost,
    parallelism: 1,
  } as const;
}
