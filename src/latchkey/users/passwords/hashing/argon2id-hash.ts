import { randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { type KnownHash, unpaddedBase64 } from './known-hash.js';

const FORM =
  /^\$argon2id\$v=19\$([mtp]=\d{1,8}(?:,[mtp]=\d{1,8}){2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** A quarter of a GiB, and some half a second of a core. */
const MAX_MEMORY_KIB = 262_144;
const MAX_MEMORY_KIB_TIMES_PASSES = 1_048_576;
const MAX_LANES = 16;
/** RFC 9106 section 3.1. */
const MIN_MEMORY_KIB_PER_LANE = 8;

const SALT_BYTES = 16;
const DIGEST_BYTES = 32;

/** argon2id (RFC 9106) as a PHC string. */
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

  get cost(): string {
    return `$argon2id$v=19$${this.parameters}`;
  }

  get impossible(): string | undefined {
    const { m, t, p } = this.numbers;
    if (Number.isNaN(m + t + p)) return 'm, t and p must each be there once';
    if (t < 1 || p < 1) return 't and p must be at least 1';
    return m < MIN_MEMORY_KIB_PER_LANE * p
      ? `m must be at least ${MIN_MEMORY_KIB_PER_LANE} times p`
      : undefined;
  }

  get tooExpensive(): string | undefined {
    const { m, t, p } = this.numbers;
    const fits = m <= MAX_MEMORY_KIB && m * t <= MAX_MEMORY_KIB_TIMES_PASSES && p <= MAX_LANES;
    if (fits) return undefined;
    return `m=${MAX_MEMORY_KIB}, m times t ${MAX_MEMORY_KIB_TIMES_PASSES} and p=${MAX_LANES}`;
  }

  matches(password: string): Promise<boolean> {
    return argon2.verify(this.text, password);
  }

  decoy(): Argon2idHash {
    return Argon2idHash.decoyOf(this.parameters);
  }

  private get numbers() {
    const given = Object.fromEntries(
      this.parameters.split(',').map((pair) => [pair[0], Number(pair.slice(2))]),
    );
    const { m = Number.NaN, t = Number.NaN, p = Number.NaN } = given;
    return { m, t, p };
  }
}
