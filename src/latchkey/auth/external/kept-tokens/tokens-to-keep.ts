import type { KeptTokens } from '../../../users/identities/identity-token-cipher.js';
import type { ExternalTokens } from '../external-provider.js';

/** Providers' are a tenth of it. */
const MAX_TOKEN_LENGTH = 8_192;
const MAX_SCOPE_LENGTH = 2_048;
/** RFC 6749 appendix A.12. */
const FIT = /^[\x20-\x7e]+$/;
const TEN_YEARS_SECONDS = 315_360_000;

/** What is kept of what a provider gives; null for what has no form that could be. */
export function tokensToKeep(
  given: ExternalTokens,
  { issuedTo, nowMilliseconds }: { readonly issuedTo: string; readonly nowMilliseconds: number },
): KeptTokens | null {
  const { accessToken, refreshToken = null, expiresInSeconds = null, scope = null } = given;
  if (!isFit(accessToken, MAX_TOKEN_LENGTH)) return null;
  if (refreshToken !== null && !isFit(refreshToken, MAX_TOKEN_LENGTH)) return null;
  if (scope !== null && scope !== '' && !isFit(scope, MAX_SCOPE_LENGTH)) return null;
  return {
    accessToken,
    refreshToken,
    expiresAt: timeIn(expiresInSeconds, nowMilliseconds),
    scope,
    issuedTo,
  };
}

function isFit(text: unknown, maxLength: number): boolean {
  return typeof text === 'string' && text.length <= maxLength && FIT.test(text);
}

function timeIn(seconds: unknown, nowMilliseconds: number): number | null {
  if (typeof seconds !== 'number' || !(seconds >= 0)) return null;
  return Math.floor(nowMilliseconds / 1_000 + Math.min(seconds, TEN_YEARS_SECONDS));
}
