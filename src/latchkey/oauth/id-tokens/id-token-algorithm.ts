/** What ID tokens can be signed by (RFC 7518 section 3.1). Which are there follows from `JWT_ALGORITHM`. */
export const ID_TOKEN_ALGORITHMS = ['RS256', 'ES256', 'PS256'] as const;
export type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number];
