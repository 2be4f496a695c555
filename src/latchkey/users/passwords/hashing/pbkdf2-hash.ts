import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type KnownHash, unpaddedBase64 } from './known-hash.js';

const PHC =
  /^\$pbkdf2-(sha1|sha256|sha512)\$i=([1-9]\d{0,9})(?:,l=\d+)?\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
/** Its base64 has a full stop where others have a plus. */
const PASSLIB =
  /^\$pbkdf2(?:-(sha256|sha512))?\$([1-9]\d{0,9})\$([A-Za-z0-9./]{11,86})\$([A-Za-z0-9./]{22,86})$/;
const DJANGO =
  /^pbkdf2_(sha1|sha256|sha512)\$([1-9]\d{0,9})\$([^$]{8,64})\$([A-Za-z0-9+/]{22,86})={0,2}$/;

const HASH_BYTES = { sha1: 20, sha256: 32, sha512: 64 };
type Hash = keyof typeof HASH_BYTES;

/** Iterations, once for each length of the hash that the digest has: some second of a core. */
const MAX_ITERATIONS = 2_000_000;

const derive = promisify(pbkdf2);

/** PBKDF2 (RFC 8018) of the password as it was typed, for hashes made elsewhere. */
export class Pbkdf2Hash implements KnownHash {
  private constructor(
    private readonly hash: Hash,
    private readonly iterations: number,
    private readonly salt: Buffer,
    private readonly digest: Buffer,
  ) {}

  /** A PHC string, passlib's form (there `$pbkdf2$` is SHA-1), or Django's. */
  static read(text: string): Pbkdf2Hash | null {
    const of = (form: RegExp, saltIsText = false) => {
      const [, hash = 'sha1', iterations, salt, digest] = form.exec(text) ?? [];
      if (salt === undefined || digest === undefined) return null;
      const saltBytes = saltIsText ? Buffer.from(salt) : fromBase64(salt);
      return new Pbkdf2Hash(hash as Hash, Number(iterations), saltBytes, fromBase64(digest));
    };
    return of(PHC) ?? of(PASSLIB) ?? of(DJANGO, true);
  }

  get text(): string {
    return `${this.cost}$${unpaddedBase64(this.salt)}$${unpaddedBase64(this.digest)}`;
  }

  get cost(): string {
    return `$pbkdf2-${this.hash}$i=${this.iterations}`;
  }

  get impossible(): undefined {
    return undefined;
  }

  get tooExpensive(): string | undefined {
    const blocks = Math.ceil(this.digest.length / HASH_BYTES[this.hash]);
    if (this.iterations * blocks <= MAX_ITERATIONS) return undefined;
    return `${MAX_ITERATIONS} iterations, counted for each block of the digest`;
  }

  async matches(password: string): Promise<boolean> {
    const { hash, iterations, salt, digest } = this;
    return timingSafeEqual(await derive(password, salt, iterations, digest.length, hash), digest);
  }

  decoy(): Pbkdf2Hash {
    const { hash, iterations, salt, digest } = this;
    const [otherSalt, otherDigest] = [randomBytes(salt.length), randomBytes(digest.length)];
    return new Pbkdf2Hash(hash, iterations, otherSalt, otherDigest);
  }
}

function fromBase64(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}
