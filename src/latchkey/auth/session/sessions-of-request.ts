import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessErrors } from '../../access/access.errors.js';
import { isService, type Principal } from '../../access/principal.js';
import { AccessTokenVerifier } from '../../access/verification/access-token-verifier.js';
import { bearerTokenOf } from '../../access/verification/bearer-token.js';
import { Sessions } from '../../tokens/sessions/sessions.js';
import { tokensErrors } from '../../tokens/sessions/tokens.errors.js';
import type { DeliveredToken } from './token-delivery.js';

const NO_SESSION = 'A service has no session to sign out of: revoke its token at /oauth/revoke.';

export interface NamedSession {
  readonly id: string;
  readonly userId: string;
}

/** Which sessions, live or not, a request to sign out means: it may show either of its tokens. */
@Injectable()
export class SessionsOfRequest {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly sessions: Sessions,
  ) {}

  /**
   * A cookie that is not authentic names no session, so there is nothing to sign out of. An invalid
   * access token is ignored beside a valid refresh token.
   *
   * @throws LatchkeyError `auth.refresh_invalid`, `access.token_invalid`, `access.token_expired`,
   *   `access.token_stale`, `access.forbidden` for a service's token
   */
  async find(request: FastifyRequest, delivered: DeliveredToken | null): Promise<NamedSession[]> {
    const refreshed = delivered === null ? null : await this.byRefreshToken(delivered);
    const accessToken = bearerTokenOf(request);
    if (accessToken === null) return refreshed === null ? [] : [refreshed];
    if (refreshed === null) return [await this.byAccessToken(accessToken)];
    const accessed = await this.findByAccessToken(accessToken);
    return accessed === null || accessed.id === refreshed.id ? [refreshed] : [refreshed, accessed];
  }

  private async byRefreshToken(delivered: DeliveredToken): Promise<NamedSession | null> {
    const session = await this.sessions.identify(delivered.refreshToken);
    if (session === null && delivered.delivery === 'body') throw tokensErrors.refreshInvalid();
    return session;
  }

  private async byAccessToken(token: string): Promise<NamedSession> {
    const principal = await this.verifier.verify(token);
    requireUser(principal);
    return { id: principal.sessionId, userId: principal.userId };
  }

  private async findByAccessToken(token: string): Promise<NamedSession | null> {
    try {
      return await this.byAccessToken(token);
    } catch {
      return null;
    }
  }
}

/** @throws LatchkeyError `access.forbidden` for a service, which has no session */
export function requireUser(principal: Principal): void {
  if (isService(principal)) throw accessErrors.forbidden({ detail: NO_SESSION });
}
