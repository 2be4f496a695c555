import { KNOWN_PHRASES } from './known-phrases.js';
import { foldPassword, lengthOf, MAX_PASSWORD_LENGTH } from './password-text.js';

/**
 * What the package leaves out, since zxcvbn finds it by other means: rows of keys and of letters,
 * read from anywhere in either direction.
 */
const ROWS = [
  '12345678901234567890',
  '11223344556677889900',
  'abcdefghijklmnopqrstuvwxyz',
  'a1b2c3d4e5f6g7h8i9j0',
  'qwertyuiopasdfghjklzxcvbnm',
  'q1w2e3r4t5y6u7i8o9p0',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  'zaqxswcdevfrbgtnhymjukilop',
  '147258369',
].map((row) => row + row);
const WALKS = [...ROWS, ...ROWS.map((row) => [...row].reverse().join(''))];
const MIN_WALK_LENGTH = 3;

/**
 * What is put together of two listed ones, or of three of the commonest, is among some 2^32: a guesser
 * tries those before anything else that is as long.
 */
const COMMONEST = 2_000;
const MIN_PART_LENGTH = 3;

/** More digits beside a common password than these are something to guess by themselves. */
const MAX_TELLING_DIGITS = 7;
const DIGITS_AROUND = /^(\d*)(.*?)(\d*)$/s;
const REPEATED = /^(.+?)\1+$/s;

/**
 * The commonest passwords: the 49,000 of `@zxcvbn-ts/language-common` (MIT), which zxcvbn-ts
 * maintains from breach corpora, without most of the rows of keys, which are added here, and with few
 * long ones, which `KNOWN_PHRASES` adds: what is long is mostly put together of short ones. It takes
 * 8 MB and some 70 ms to read, so that happens when somebody first chooses a password and not at
 * start, and once for all applications of a process.
 */
export class CommonPasswords {
  private static loaded?: Promise<CommonPasswords>;

  private constructor(
    private readonly listed: ReadonlySet<string>,
    private readonly commonest: ReadonlySet<string>,
  ) {}

  static load(): Promise<CommonPasswords> {
    CommonPasswords.loaded ??= CommonPasswords.read();
    return CommonPasswords.loaded;
  }

  private static async read(): Promise<CommonPasswords> {
    const { dictionary } = await import('@zxcvbn-ts/language-common');
    const packaged = dictionary['passwords-common'].map(foldPassword);
    return new CommonPasswords(
      new Set([...packaged, ...KNOWN_PHRASES]),
      new Set(packaged.slice(0, COMMONEST)),
    );
  }

  /**
   * Whether it is one of them, a few of them in a row, one of them over and over, or that with digits
   * around it.
   *
   * @param folded by `foldPassword`
   */
  include(folded: string): boolean {
    // The folded form of a few characters is much longer: not worth searching.
    if (folded.length > MAX_PASSWORD_LENGTH) return false;
    if (this.hasInRow(folded) || this.has(REPEATED.exec(folded)?.[1] ?? '')) return true;
    const [, before = '', core = '', after = ''] = DIGITS_AROUND.exec(folded) ?? [];
    if (!this.hasInRow(core)) return false;
    const digits = [before, after].filter((text) => text !== '');
    return lengthOf(before + after) <= MAX_TELLING_DIGITS || digits.every((text) => this.has(text));
  }

  /** One of them, two, or three of the commonest. */
  private hasInRow(folded: string): boolean {
    return (
      this.has(folded) ||
      partsOf(folded).some(
        ([first, rest]) =>
          this.listed.has(first) &&
          (this.has(rest) || (this.commonest.has(first) && this.isPairOfCommonest(rest))),
      )
    );
  }

  private isPairOfCommonest(folded: string): boolean {
    return partsOf(folded).some((parts) => parts.every((part) => this.commonest.has(part)));
  }

  private has(folded: string): boolean {
    if (this.listed.has(folded)) return true;
    return folded.length >= MIN_WALK_LENGTH && WALKS.some((walk) => walk.includes(folded));
  }
}

/** Every way to cut it in two. */
function partsOf(folded: string): [string, string][] {
  const cuts = folded.length - 2 * MIN_PART_LENGTH + 1;
  return Array.from({ length: Math.max(0, cuts) }, (_, index) => {
    const at = index + MIN_PART_LENGTH;
    return [folded.slice(0, at), folded.slice(at)];
  });
}
