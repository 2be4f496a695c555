import { randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { type KnownHash, unpaddedBase64 } from './known-hash.js';
import { normalizePassword } from './normalize-password.js';

const FORM =
  /^\$argon2id\$v=19\$((?:[mtp]=\d{1,8},?){3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** A quarter of a GiB, and some half a second of a core. */
const MAX_MEMORY_KIB = 262_144;
const MAX_MEMORY_KIB_TIMES_PASSES = 1_048_576;
const MAX_LANES = 16;

const SALT_BYTES = 16;
const DIGEST_BYTES = 32;

/** argon2id (RFC 9106) as a PHC string, of the password's normal form. */
export class Argon2idHash implements KnownHash {
  private constructor(
    private readonly parameters: string,
    readonly text: string,
  ) {}

  static read(text: string): Argon2idHash | null {
    const [, parameters] = FORM.exec(text) ?? [];
    return parameters === undefined ? null : new Argon2idHash(parameters, text);
  }

  /** One that no password matches. */
  static decoyOf(parameters: string): Argon2idHash {
    const [salt, digest] = [SALT_BYTES, DIGEST_BYTES].map((size) =>
      unpaddedBase64(randomBytes(size)),
    );
    return new Argon2idHash(parameters, `$argon2id$v=19$${parameters}$${salt}$${digest}`);
  }

  get tooDear(): string | undefined {
    const {
      m = 0,
      t = 0,
      p = 0,
    } = Object.fromEntries(
      this.parameters.split(',').map((pair) => [pair[0], Number(pair.slice(2))]),
    );
    const fits = m <= MAX_MEMORY_KIB && m * t <= MAX_MEMORY_KIB_TIMES_PASSES && p <= MAX_LANES;
    if (fits) return undefined;
    return `m=${MAX_MEMORY_KIB}, m times t ${MAX_MEMORY_KIB_TIMES_PASSES} and p=${MAX_LANES}`;
  }

  matches(password: string): Promise<boolean> {
    return argon2.verify(this.text, normalizePassword(password));
  }

  decoy(): Argon2idHash {
    return Argon2idHash.decoyOf(this.parameters);
  }
}
