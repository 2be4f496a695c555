import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** Signatures by a private key alone: neither `none` nor one by the client's secret. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 30;
/** Whatever end a provider gives it: it says who is there now. */
const MAX_AGE_SECONDS = 600;

export interface IdTokenDemands {
  readonly issuer: string;
  /** Client ids of ours, of which the token names one. */
  readonly audiences: readonly string[];
  /** The texts of which one is the token's nonce. */
  readonly nonces: readonly string[];
  readonly keys: JWTVerifyGetKey;
}

/**
 * The claims of an ID token (OpenID Connect Core section 3.1.3.7): signed by a key of the issuer, for this
 * client alone or as the party that it was issued to, for this sign-in, and not over.
 *
 * @throws Error whose message says what is wrong, for operators; what fetching the keys throws
 */
export async function verifyIdToken(
  token: string,
  { issuer, audiences, nonces, keys }: IdTokenDemands,
): Promise<JWTPayload & { readonly sub: string }> {
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience: [...audiences],
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    maxTokenAge: MAX_AGE_SECONDS,
    requiredClaims: ['sub', 'iat', 'exp', 'nonce'],
  });
  const { sub, aud, azp, nonce } = payload;
  if (typeof sub !== 'string' || sub === '') throw new Error('"sub" is empty or no text.');
  if (typeof nonce !== 'string' || !nonces.includes(nonce)) throw new Error('"nonce" differs.');
  const isForOthersToo = Array.isArray(aud) && aud.length > 1;
  if (azp === undefined && isForOthersToo) throw new Error('"aud" names others and "azp" none.');
  if (azp !== undefined && !audiences.includes(azp as string))
    throw new Error('"azp" is somebody else.');
  return { ...payload, sub };
}
