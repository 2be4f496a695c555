/** No access token may live longer, whatever the configuration: what revokes it is kept so long. */
export const MAX_ACCESS_TOKEN_TTL_SECONDS = 3_600;

/** What an access token may weigh: servers and gateways in front take headers of 8 KiB by default. */
export const MAX_ACCESS_TOKEN_BYTES = 4_096;

/** How far clocks of issuer and verifier may differ: a token is accepted so long after `exp`. */
export const CLOCK_LEEWAY_SECONDS = 30;
