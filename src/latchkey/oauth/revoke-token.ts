import { Injectable } from '@nestjs/common';
import { permissionsCover } from '../access/permission.js';
import { isService, type Principal } from '../access/principal.js';
import type { Actor } from '../audit/actor.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { Revocations } from '../tokens/revocation/revocations.js';
import { SessionEnder } from '../tokens/sessions/session-ender.js';
import { Sessions } from '../tokens/sessions/sessions.js';
import type { KnownClient } from './authenticate-client.js';
import { publicIdOf } from './clients/oauth-clients.js';
import { LiveAccessTokens } from './live-access-tokens.js';
import { oauthErrors } from './oauth.errors.js';

const OF_ANYBODY = ['sessions:revoke'];

/** Revokes tokens by the word of a service (RFC 7009). */
@Injectable()
export class RevokeToken {
  constructor(
    private readonly accessTokens: LiveAccessTokens,
    private readonly sessions: Sessions,
    private readonly revocations: Revocations,
    private readonly ender: SessionEnder,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Ends the session that the token belongs to, or the one token of a client that acts for itself.
   * A client revokes what was issued to it, and with the permission `sessions:revoke` anybody's.
   * A stale token is as good for this as a fresh one: its session is alive. What is over, or was not
   * issued here, changes nothing and is no error (section 2.2).
   *
   * @throws LatchkeyError `oauth.unauthorized_client`, `access.keys_unavailable`
   */
  async revoke(token: string, client: KnownClient, actor: Actor): Promise<void> {
    const accessToken = await this.accessTokens.findRevocable(token);
    if (accessToken !== null) {
      requireOwn(accessToken.clientId, client);
      return isService(accessToken)
        ? this.endToken(accessToken, actor)
        : this.endSession(accessToken.sessionId, actor);
    }
    const session = await this.sessions.identify(token);
    if (session === null) return;
    requireOwn(session.clientId, client);
    await this.endSession(session.id, actor);
  }

  private async endSession(sessionId: string, actor: Actor): Promise<void> {
    await this.revocations.commit((transaction) =>
      this.ender.endOne(transaction, sessionId, { reason: 'admin', actor }),
    );
  }

  private async endToken({ sessionId, tokenId, clientId }: Principal, actor: Actor): Promise<void> {
    await this.revocations.commit(async (transaction) => {
      transaction.revoke({ kind: 'session', sessionId });
      await this.audit.record(transaction.manager, {
        action: 'token.revoked',
        actor,
        target: { type: 'token', id: tokenId },
        details: { clientId },
      });
    });
  }
}

/** @param owner as an access token names it, or as a session does */
function requireOwn(owner: string, client: KnownClient): void {
  const { id, facts } = client;
  if ([id, publicIdOf(client)].includes(owner)) return;
  if (permissionsCover(facts?.permissions ?? [], OF_ANYBODY)) return;
  throw oauthErrors.unauthorizedClient({ detail: 'The token was issued to another client.' });
}
