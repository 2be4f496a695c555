import { UNPRINTABLE } from './unprintable.js';

const UNPRINTABLES = new RegExp(`${UNPRINTABLE.source}+`, 'gu');

/**
 * Text that stays one line wherever it is shown and that Postgres can store: what comes from
 * outside must not be able to look like a record of its own (ASVS 16.4.1).
 *
 * @param maxLength in UTF-16 code units; what is longer is cut
 */
export function plainText(text: string, maxLength: number): string {
  return text.replace(UNPRINTABLES, ' ').slice(0, maxLength).toWellFormed();
}
