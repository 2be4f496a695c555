/**
 * The form in which a password counts: NFKC (SP 800-63B-4, 3.1.1.2), so that the same characters
 * typed on another keyboard match. Nothing is trimmed, folded or cut off.
 */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/** Drops what people vary to make a known password look new: case, spaces, ASCII punctuation. */
export function foldPassword(password: string): string {
  return normalizePassword(password)
    .toLowerCase()
    .replace(/[\s!-/:-@[-`{-~]/g, '');
}

/** In code points. */
export const MAX_PASSWORD_LENGTH = 256;

/** In code points: what a person would count, near enough. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
