import { createHmac, randomBytes } from 'node:crypto';

/** Crockford's base 32: without I, L, O and U, of which the first three are read as what they look like. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LETTERS = 16;
const FORM = new RegExp(`^[${ALPHABET}]{${LETTERS}}$`);
const CODES_PER_SET = 10;

/** Ten codes of 80 bits, each shown as four groups of four. */
export function generateRecoveryCodes(): string[] {
  return Array.from({ length: CODES_PER_SET }, () => {
    const letters = [...randomBytes(LETTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]);
    return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** What is kept of a code; null for what has not the form of one. Case, dashes and spaces do not count. */
export function recoveryCodeMac(key: Buffer, code: string): Buffer | null {
  const letters = code
    .toUpperCase()
    .replace(/[-\s]/g, '')
    .replace(/[IL]/g, '1')
    .replaceAll('O', '0');
  return FORM.test(letters) ? createHmac('sha256', key).update(letters).digest() : null;
}
