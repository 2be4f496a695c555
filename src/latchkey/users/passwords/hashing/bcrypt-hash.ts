import { randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { KnownHash } from './known-hash.js';

const FORM = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/;

/** In the order of their values. */
const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Bits of the last character that belong to no byte: 22 characters hold 16 bytes, 31 hold 23. */
const SALT_PADDING_BITS = 4;
const DIGEST_PADDING_BITS = 2;

/** bcrypt's own least. */
const MIN_COST = 4;
/** Some 0.8 seconds of a core; each step more doubles it. */
const MAX_COST = 14;

/**
 * bcrypt of the password as it was typed, for hashes made elsewhere. bcrypt reads 72 bytes of a
 * password and no more, so that a person who knows those passes, as they did where the hash was made:
 * nothing in it could tell them from the owner, and to refuse long passwords would lock owners
 * out. The first sign-in replaces it by a hash of the whole password that was typed.
 */
export class BcryptHash implements KnownHash {
  private constructor(
    private readonly rounds: number,
    readonly text: string,
  ) {}

  /**
   * `$2a$`, `$2b$` and `$2y$` name one algorithm, of which the library knows two names. It compares
   * texts, so that bits of padding, which old versions of passlib set at random, are cleared.
   */
  static read(text: string): BcryptHash | null {
    const [, rounds, salt, digest] = FORM.exec(text) ?? [];
    if (salt === undefined || digest === undefined || Number(rounds) < MIN_COST) return null;
    const bytes = `${withoutPadding(salt, SALT_PADDING_BITS)}${withoutPadding(digest, DIGEST_PADDING_BITS)}`;
    return new BcryptHash(Number(rounds), `$2b$${rounds}$${bytes}`);
  }

  get cost(): string {
    return this.text.slice(0, '$2b$nn'.length);
  }

  get impossible(): undefined {
    return undefined;
  }

  get tooExpensive(): string | undefined {
    return this.rounds > MAX_COST ? `a cost of ${MAX_COST}` : undefined;
  }

  matches(password: string): Promise<boolean> {
    return bcrypt.compare(password, this.text);
  }

  decoy(): BcryptHash {
    const digest = randomBytes(24).toString('base64').replaceAll('+', '.').slice(0, 31);
    const bytes = withoutPadding(digest, DIGEST_PADDING_BITS);
    return new BcryptHash(this.rounds, `${bcrypt.genSaltSync(this.rounds, 'b')}${bytes}`);
  }
}

function withoutPadding(text: string, bits: number): string {
  const last = ALPHABET.indexOf(text.slice(-1));
  return `${text.slice(0, -1)}${ALPHABET[last & -(2 ** bits)]}`;
}
