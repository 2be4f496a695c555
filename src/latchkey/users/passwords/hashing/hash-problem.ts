import { readForm } from './read-hash.js';

/** By how they are written, for those who have to see what their file holds. */
const KINDS: readonly [form: RegExp, kind: string][] = [
  [/^\$argon2id\$/, 'argon2id'],
  [/^\$argon2i\$/, 'argon2i'],
  [/^\$argon2d\$/, 'argon2d'],
  [/^\$2[aby]\$/, 'bcrypt'],
  [/^\$2x?\$/, 'bcrypt of a variant that is known to be broken'],
  [/^bcrypt(_sha256)?\$/, 'bcrypt of Django'],
  [/^\$?scrypt\$/, 'scrypt'],
  [/^\$?pbkdf2[-_$]/, 'PBKDF2'],
  [/^\$(1|apr1)\$/, 'MD5-crypt'],
  [/^\$5\$/, 'SHA-256-crypt'],
  [/^\$6\$/, 'SHA-512-crypt'],
  [/^\$7\$/, 'scrypt of crypt(3)'],
  [/^\$g?y\$/, 'yescrypt'],
  [/^\$[PH]\$/, 'phpass'],
  [/^\$S\$/, 'the hash of Drupal 7'],
  [/^\{[\w-]+\}/, 'a scheme of LDAP'],
  [/^(md5|sha1|sha256|sha512|crypt)\$/, 'a salted digest'],
  [/^\*[0-9A-F]{40}$/, 'the hash of MySQL'],
  [/^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i, 'a bare digest'],
];
const FORMS = 'docs/importing-users.md';

/**
 * Why a hash that was made elsewhere cannot be taken over, to follow the name of its field and with
 * nothing of the hash but its kind; undefined when it can.
 */
export function hashProblem(text: string): string | undefined {
  const kind = KINDS.find(([form]) => form.test(text))?.[1];
  const hash = readForm(text);
  if (hash === null) {
    return kind === undefined
      ? `must be null or a hash of a known form (${FORMS})`
      : `is ${kind}, in no form that can be verified (${FORMS})`;
  }
  if (hash.impossible !== undefined) {
    return `is ${kind} that no password can be checked against: ${hash.impossible}`;
  }
  return hash.tooExpensive && `is ${kind} and must cost at most ${hash.tooExpensive}`;
}
