import { randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { KnownHash } from './known-hash.js';

const FORM = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/;

/** bcrypt's own least. */
const MIN_COST = 4;
/** Some 0.8 seconds of a core; each step more doubles it. */
const MAX_COST = 14;

/**
 * bcrypt of the password as it was typed, for hashes made elsewhere. bcrypt reads 72 bytes of a
 * password and no more, so that whoever knows those passes, as they did where the hash was made:
 * nothing in it could tell them from the owner, and to refuse long passwords would lock owners
 * out. The first sign-in replaces it by a hash of the whole password that was typed.
 */
export class BcryptHash implements KnownHash {
  private constructor(
    private readonly cost: number,
    readonly text: string,
  ) {}

  /** `$2a$`, `$2b$` and `$2y$` name one algorithm, of which the library knows two names. */
  static read(text: string): BcryptHash | null {
    const [, cost, salt, digest] = FORM.exec(text) ?? [];
    if (cost === undefined || Number(cost) < MIN_COST) return null;
    return new BcryptHash(Number(cost), `$2b$${cost}$${salt}${digest}`);
  }

  get tooDear(): string | undefined {
    return this.cost > MAX_COST ? `a cost of ${MAX_COST}` : undefined;
  }

  matches(password: string): Promise<boolean> {
    return bcrypt.compare(password, this.text);
  }

  decoy(): BcryptHash {
    const digest = randomBytes(24).toString('base64').replaceAll('+', '.').slice(0, 31);
    return new BcryptHash(this.cost, `${bcrypt.genSaltSync(this.cost, 'b')}${digest}`);
  }
}
