/** Control characters, line and paragraph separators, halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/**
 * Text that stays one line wherever it is shown and that Postgres can store: what comes from
 * outside must not be able to look like a record of its own (ASVS 16.4.1).
 *
 * @param maxLength in UTF-16 code units; what is longer is cut
 */
export function plainText(text: string, maxLength: number): string {
  return text.replace(UNPRINTABLE, ' ').slice(0, maxLength).toWellFormed();
}
