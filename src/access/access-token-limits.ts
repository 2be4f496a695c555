/** No access token may live longer, whatever the configuration: what revokes it is kept so long. */
export const MAX_ACCESS_TOKEN_TTL_SECONDS = 3_600;

/** How far clocks of issuer and verifier may differ: a token is accepted so long after `exp`. */
export const CLOCK_LEEWAY_SECONDS = 30;
