/** Who is signed in, as the access token says. For display: only the server decides by it. */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  /** Every claim of the token, your own included. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Reads the claims and verifies nothing: the token came from the server by TLS. */
export function principalOf(accessToken: string): Principal {
  const payload = accessToken.split('.')[1] ?? '';
  const bytes = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  const claims = JSON.parse(text);
  const { sub: userId, sid: sessionId, roles, permissions } = claims;
  return { userId, sessionId, roles, permissions, claims };
}
