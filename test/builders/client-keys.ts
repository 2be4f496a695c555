import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { ISSUER } from '../support/test-app.js';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A key pair of a client's own. */
export interface ClientKey {
  readonly algorithm: string;
  readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  readonly publicJwk: JWK;
}

export async function newClientKey(algorithm = 'ES256', kid?: string): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), ...(kid !== undefined && { kid }) };
  return { algorithm, privateKey, publicJwk };
}

/** Claims that are right, unless they are changed; undefined: left out. */
export function claimsFor(clientId: string, changed: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: ISSUER, jti: randomUUID(), iat: now };
  return { ...claims, exp: now + 60, ...changed };
}

export function sign(
  { algorithm, privateKey, publicJwk: { kid } }: ClientKey,
  claims: JWTPayload,
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, ...(kid !== undefined && { kid }) })
    .sign(privateKey);
}

/** How a client shows an assertion in a form. */
export function formOf(assertion: string): Record<string, string> {
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion };
}
