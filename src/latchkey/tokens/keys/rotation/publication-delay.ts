/** How long a verifier may use a JWKS before it fetches it again, in seconds. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** How often an instance reads the keys again, whether or not it has heard of any. */
export const KEY_RELOAD_SECONDS = 60;

const LEAST_SPREADING_SECONDS = 30;

/**
 * After this delay every verifier has refetched a JWKS that contains the key. An instance without Redis
 * hears of a new key by its next poll or reload, or by the one after that.
 *
 * @returns seconds
 */
export function publicationSeconds(pollSeconds: number): number {
  const spreading = 2 * Math.min(pollSeconds, KEY_RELOAD_SECONDS);
  return JWKS_MAX_AGE_SECONDS + Math.max(spreading, LEAST_SPREADING_SECONDS);
}
