import { domainToASCII } from 'node:url';
import { isFQDN, ValidateBy } from 'class-validator';

/** RFC 5321 section 4.5.3.1.3: a path has 256 octets, its angle brackets included. */
export const MAX_EMAIL_LENGTH = 254;
/** RFC 5321 section 4.5.3.1.1, in octets. */
const MAX_LOCAL_PART_LENGTH = 64;
/** RFC 1035 section 2.3.4, without the root. */
const MAX_DOMAIN_LENGTH = 253;

/** RFC 5321 section 4.1.2, `Dot-string`, with the letters and digits of every script (RFC 6531). */
const LOCAL_PART =
  /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
/** What else there is `domainToASCII` reads as a part of a URL, or drops. The last three are full stops. */
const DOMAIN = /^[\p{L}\p{M}\p{N}\p{S}.\-\u3002\uff0e\uff61]+$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
const NOT_ASCII = /[^\0-\x7f]/;

/** An address that anybody can write to and that looks like no other one. */
export interface PlainAddress {
  /** As its owner wrote it, but for a domain with letters beyond ASCII, which is in its ASCII form. */
  readonly text: string;
  readonly localPart: string;
  /** In its ASCII form after UTS 46, in lower case: two spellings of a domain have one. */
  readonly domain: string;
}

/**
 * Reads `local@domain`, without quotes, comments, controls, invisible characters or an address of a
 * host. Null when the text is anything else.
 */
export function readPlainAddress(text: string): PlainAddress | null {
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, Math.max(0, at));
  const written = text.slice(at + 1);
  if (!LOCAL_PART.test(localPart) || !DOMAIN.test(written) || INVISIBLE.test(text)) return null;
  const domain = domainToASCII(written);
  if (!isFQDN(domain) || domain.length > MAX_DOMAIN_LENGTH) return null;
  if (Buffer.byteLength(localPart) > MAX_LOCAL_PART_LENGTH) return null;
  const plain = NOT_ASCII.test(written) ? `${localPart}@${domain}` : text;
  return Buffer.byteLength(plain) > MAX_EMAIL_LENGTH ? null : { text: plain, localPart, domain };
}

/** A plain e-mail address: see `readPlainAddress`. */
export function IsEmailAddress(): PropertyDecorator {
  return ValidateBy({
    name: 'isEmailAddress',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && readPlainAddress(value) !== null,
      defaultMessage: () => '$property must be an e-mail address',
    },
  });
}

/**
 * What makes two addresses the same account: neither the case and the compatibility form of the local
 * part differ, nor the spellings of a domain.
 */
export function emailKey(email: string): string {
  const address = readPlainAddress(email);
  return address === null ? fold(email) : `${fold(address.localPart)}@${address.domain}`;
}

/**
 * The keys that an account with this address may have, the one that goes before the others first: an
 * account from before domains were compared in their ASCII form keeps its key where another one has
 * the new one.
 */
export function emailKeys(email: string): string[] {
  return [...new Set([fold(email), emailKey(email)])];
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}
