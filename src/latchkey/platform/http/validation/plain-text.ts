/**
 * What makes text look like other text where it is shown (ASVS 16.4.1): control characters, with which
 * terminals move and erase, line and paragraph separators, overrides of the direction of writing. And
 * halves of surrogate pairs, which are no text.
 */
export const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

const UNPRINTABLES = new RegExp(`${UNPRINTABLE.source}+`, 'gu');
const EACH_UNPRINTABLE = new RegExp(UNPRINTABLE.source, 'gu');

/**
 * Text that stays one line wherever it is shown and that Postgres can store: what comes from
 * outside must not be able to look like a record of its own (ASVS 16.4.1).
 *
 * @param maxLength in UTF-16 code units; what is longer is cut
 */
export function plainText(text: string, maxLength: number): string {
  return text.replace(UNPRINTABLES, ' ').slice(0, maxLength).toWellFormed();
}

/**
 * A line as it may be shown on a terminal: what was stored or typed stays one line and moves nothing. A
 * control character is shown as JSON writes it, so that JSON stays the same JSON.
 */
export function printable(line: string): string {
  return line.replace(EACH_UNPRINTABLE, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
