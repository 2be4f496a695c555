import { normalizePassword } from './normalize-password.js';

/** Drops what people vary to make a known password look new: case, spaces, ASCII punctuation. */
export function foldPassword(password: string): string {
  return normalizePassword(password)
    .toLowerCase()
    .replace(/[\s!-/:-@[-`{-~]/g, '');
}
