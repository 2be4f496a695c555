import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { type KnownHash, unpaddedBase64 } from './known-hash.js';

const PHC =
  /^\$scrypt\$ln=([1-9]\d?),r=([1-9]\d{0,3}),p=([1-9]\d{0,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
const DJANGO =
  /^scrypt\$(\d{1,10})\$([^$]{8,64})\$([1-9]\d{0,3})\$([1-9]\d{0,3})\$([A-Za-z0-9+/]{22,86})={0,2}$/;

/** N times r: 128 MiB, which is OWASP's most. */
const MAX_MEMORY_LOG2 = 20;
/** N times r times p: some 0.8 seconds of a core. */
const MAX_WORK_LOG2 = 21;

interface ScryptParameters {
  /** The binary logarithm of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** scrypt (RFC 7914) of the password as it was typed, for hashes made elsewhere. */
export class ScryptHash implements KnownHash {
  private constructor(
    private readonly parameters: ScryptParameters,
    private readonly salt: Buffer,
    private readonly digest: Buffer,
  ) {}

  /** A PHC string, which is also passlib's form, or Django's form. */
  static read(text: string): ScryptHash | null {
    const [, ln, r, p, salt, digest] = PHC.exec(text) ?? [];
    if (salt !== undefined && digest !== undefined) {
      const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
      return new ScryptHash(cost, Buffer.from(salt, 'base64'), Buffer.from(digest, 'base64'));
    }
    return ScryptHash.readDjango(text);
  }

  private static readDjango(text: string): ScryptHash | null {
    const [, n, salt, r, p, digest] = DJANGO.exec(text) ?? [];
    const cost = { ln: Math.log2(Number(n)), r: Number(r), p: Number(p) };
    if (salt === undefined || digest === undefined || !isLog2(cost.ln)) return null;
    return new ScryptHash(cost, Buffer.from(salt), Buffer.from(digest, 'base64'));
  }

  get text(): string {
    return `${this.cost}$${unpaddedBase64(this.salt)}$${unpaddedBase64(this.digest)}`;
  }

  get cost(): string {
    const { ln, r, p } = this.parameters;
    return `$scrypt$ln=${ln},r=${r},p=${p}`;
  }

  /** RFC 7914 section 6. */
  get impossible(): string | undefined {
    const { ln, r } = this.parameters;
    return ln < 16 * r ? undefined : 'N must be less than 2^(16 times r)';
  }

  get tooExpensive(): string | undefined {
    const { ln, r, p } = this.parameters;
    const memoryLog2 = ln + Math.log2(r);
    const workLog2 = memoryLog2 + Math.log2(p);
    if (memoryLog2 <= MAX_MEMORY_LOG2 && workLog2 <= MAX_WORK_LOG2) return undefined;
    return `N times r 2^${MAX_MEMORY_LOG2}, and times p 2^${MAX_WORK_LOG2}`;
  }

  async matches(password: string): Promise<boolean> {
    const { ln, r, p } = this.parameters;
    const N = 2 ** ln;
    const maxmem = 256 * N * r + 1024 * r * p;
    const derived = await new Promise<Buffer>((resolve, reject) => {
      scrypt(password, this.salt, this.digest.length, { N, r, p, maxmem }, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
    return timingSafeEqual(derived, this.digest);
  }

  decoy(): ScryptHash {
    const { parameters, salt, digest } = this;
    return new ScryptHash(parameters, randomBytes(salt.length), randomBytes(digest.length));
  }
}

function isLog2(ln: number): boolean {
  return Number.isInteger(ln) && ln >= 1;
}
