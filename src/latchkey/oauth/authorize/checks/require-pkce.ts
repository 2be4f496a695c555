import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';

/** SHA-256 in base64url (RFC 7636 section 4.2). */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Of every client, also of one with a secret (RFC 9700 section 2.1.1). `plain`, which is what a request without a
 * method says, is refused: a downgrade to it is no way in.
 *
 * @returns the challenge
 */
export function requirePkce(parameters: AuthorizationParameters): string {
  const challenge = parameters.get('code_challenge');
  if (challenge === undefined) {
    throw new AuthorizationRefusal('invalid_request', 'code_challenge is missing (RFC 7636).');
  }
  if (parameters.get('code_challenge_method') !== 'S256') {
    throw new AuthorizationRefusal('invalid_request', 'code_challenge_method must be S256.');
  }
  if (!S256_CHALLENGE.test(challenge)) {
    throw new AuthorizationRefusal('invalid_request', 'code_challenge is no SHA-256 hash.');
  }
  return challenge;
}
