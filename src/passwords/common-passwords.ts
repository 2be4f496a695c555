import { foldPassword } from './fold-password.js';
import { lengthOf, MAX_PASSWORD_LENGTH } from './password-length.js';

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

/** Phrases of 15 characters and more, of which its list has few. */
const PHRASES = `
  thisismypassword thisisapassword mysecretpassword supersecretpassword adminpassword testpassword
  defaultpassword changethispassword iloveyouforever letmeinplease pleaseletmein pleasechangeme
  tobeornottobe`;

/** More digits beside a common password than these are something to guess by themselves. */
const MAX_TELLING_DIGITS = 7;
const DIGITS_AROUND = /^(\d*)(.*?)(\d*)$/s;
const REPEATED = /^(.+?)\1+$/s;

/**
 * The commonest passwords: the 49,000 of `@zxcvbn-ts/language-common` (MIT), which zxcvbn-ts
 * maintains from breach corpora, without most of the rows of keys and with few long ones, which
 * are added here. It takes 8 MB and some 70 ms to read, so that happens when somebody first
 * chooses a password and not at start.
 */
export class CommonPasswords {
  private constructor(private readonly listed: ReadonlySet<string>) {}

  static async load(): Promise<CommonPasswords> {
    const { dictionary } = await import('@zxcvbn-ts/language-common');
    const packaged = dictionary['passwords-common'].map(foldPassword);
    return new CommonPasswords(new Set([...packaged, ...PHRASES.trim().split(/\s+/)]));
  }

  /**
   * Whether it is one of them, one of them over and over, or one of them with digits around it.
   *
   * @param folded by `foldPassword`
   */
  include(folded: string): boolean {
    // The folded form of a few characters is much longer: not worth searching.
    if (folded.length > MAX_PASSWORD_LENGTH) return false;
    if (this.has(folded) || this.has(REPEATED.exec(folded)?.[1] ?? '')) return true;
    const [, before = '', core = '', after = ''] = DIGITS_AROUND.exec(folded) ?? [];
    if (!this.has(core)) return false;
    const digits = [before, after].filter((text) => text !== '');
    return lengthOf(before + after) <= MAX_TELLING_DIGITS || digits.every((text) => this.has(text));
  }

  private has(folded: string): boolean {
    if (this.listed.has(folded)) return true;
    return folded.length >= MIN_WALK_LENGTH && WALKS.some((walk) => walk.includes(folded));
  }
}
