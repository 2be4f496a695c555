import { readPlainAddress } from './plain-address.js';

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
