import { Argon2idHash } from './argon2id-hash.js';
import { BcryptHash } from './bcrypt-hash.js';
import type { KnownHash } from './known-hash.js';
import { Pbkdf2Hash } from './pbkdf2-hash.js';
import { ScryptHash } from './scrypt-hash.js';

const MAX_HASH_LENGTH = 512;

/** Null when it is of no kind that can be verified, or has what its kind does not allow. */
export function readHash(text: string): KnownHash | null {
  const hash = readForm(text);
  return hash?.impossible === undefined ? hash : null;
}

/** As `readHash`, but with what its kind does not allow. */
export function readForm(text: string): KnownHash | null {
  if (text.length > MAX_HASH_LENGTH) return null;
  for (const kind of [Argon2idHash, BcryptHash, ScryptHash, Pbkdf2Hash]) {
    const hash = kind.read(text);
    if (hash !== null) return hash;
  }
  return null;
}
