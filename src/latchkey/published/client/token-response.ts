import { HeldToken, type ReceivedToken } from './held-token.js';
import { LatchkeyClientError } from './latchkey-client-error.js';

/** What signing in and refreshing are answered. */
export interface TokenResponse {
  readonly held: HeldToken;
  /** With body delivery. */
  readonly refreshToken: string | null;
}

/** @throws LatchkeyClientError `client.unexpected_answer` when it is something else */
export function readTokenResponse(answer: unknown): TokenResponse {
  const { accessToken, expiresIn, refreshToken = null } = Object(answer);
  return { held: readToken({ accessToken, expiresIn, receivedAt: Date.now() }), refreshToken };
}

/** @throws LatchkeyClientError `client.unexpected_answer` when it is none */
export function readToken(token: ReceivedToken): HeldToken {
  try {
    return new HeldToken(token);
  } catch (cause) {
    throw new LatchkeyClientError('client.unexpected_answer', 'The answer holds no token.', {
      cause,
    });
  }
}
