/**
 * The form in which a password counts: NFKC (SP 800-63B-4, 3.1.1.2), so that the same characters
 * typed on another keyboard match. Nothing is trimmed, folded or cut off.
 */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}
