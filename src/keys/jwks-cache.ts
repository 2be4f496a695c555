/** For how long whoever fetches the JWKS may go by it without asking again, in seconds. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** For how long an instance may not have heard of a key that another one has published. */
const SPREADING_SECONDS = 30;

/** After this, whoever verifies tokens has had to ask for the JWKS since the key was in it. */
export const PUBLICATION_SECONDS = JWKS_MAX_AGE_SECONDS + SPREADING_SECONDS;
