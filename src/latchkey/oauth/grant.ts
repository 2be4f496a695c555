import type { FastifyReply } from 'fastify';
import type { OAuthTokenResponse, TokenRequest } from './oauth.dto.js';

/** One way to come by tokens at `/oauth/token` (RFC 6749 section 4). */
export interface Grant {
  /** @throws LatchkeyError those of OAuth, and `throttle.too_many_requests` */
  issue(reply: FastifyReply, form: TokenRequest): Promise<OAuthTokenResponse>;
}
