/** Refusals that another access token may answer, or that the server is to say more about. */
const REFUSED_TOKEN = /^access\.token_(expired|invalid|revoked|stale)$/;

/** @param code of an answer */
export function refusesToken(code: unknown): boolean {
  return REFUSED_TOKEN.test(String(code));
}
