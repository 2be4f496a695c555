import { accessErrors } from '../access.errors.js';

/** Longer tokens are refused unread: none is issued beyond 4 KiB. */
const MAX_TOKEN_LENGTH = 8 * 1024;
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** The header of an access token as it came. Nothing is verified yet. */
export interface UnverifiedHeader {
  readonly alg: string;
  readonly kid: string;
}

/**
 * Checks the form of a token before any library sees it, since JWT libraries are lenient in ways
 * that give one token many spellings: padding, white space, other serializations, and unused bits
 * in the last character of a part (RFC 4648 section 3.5).
 *
 * Keys inside the header (`jwk`, `jku`, `x5u`, `x5c`) are neither used nor fetched; extensions
 * that must be understood are refused (RFC 7515 section 4.1.11).
 *
 * @throws LatchkeyError `access.token_invalid`
 */
export function readHeader(token: string): UnverifiedHeader {
  if (token.length > MAX_TOKEN_LENGTH || !COMPACT.test(token)) throw accessErrors.tokenInvalid();
  if (!token.split('.').every(isCanonicalBase64url)) throw accessErrors.tokenInvalid();
  const header = parseObject(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url'));
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || typeof kid !== 'string') throw accessErrors.tokenInvalid();
  if (typ !== 'at+jwt') throw accessErrors.tokenInvalid();
  if ('crit' in header || 'b64' in header) throw accessErrors.tokenInvalid();
  return { alg, kid };
}

/** Encoding again must give the same: it can differ only in the last, incomplete group of four. */
function isCanonicalBase64url(part: string): boolean {
  const tail = part.slice(part.length - (part.length % 4));
  return Buffer.from(tail, 'base64url').toString('base64url') === tail;
}

function parseObject(json: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json.toString('utf8'));
  } catch (cause) {
    throw accessErrors.tokenInvalid({ cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw accessErrors.tokenInvalid();
  }
  return value as Record<string, unknown>;
}
