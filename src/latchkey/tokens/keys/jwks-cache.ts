/** For how long whoever fetches the JWKS may go by it without asking again, in seconds. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** How often an instance reads the keys again, whether or not it has heard of any. */
export const KEY_RELOAD_SECONDS = 60;

const LEAST_SPREADING_SECONDS = 30;

/**
 * After this, whoever verifies tokens has had to ask for the JWKS since the key was in it, at
 * whichever instance. An instance without Redis has heard of the key with the next poll or the next
 * reload, or with the one after that.
 */
export function publicationSeconds(pollSeconds: number): number {
  const spreading = 2 * Math.min(pollSeconds, KEY_RELOAD_SECONDS);
  return JWKS_MAX_AGE_SECONDS + Math.max(spreading, LEAST_SPREADING_SECONDS);
}
