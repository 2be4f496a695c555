import { Injectable } from '@nestjs/common';
import type { Actor } from '../audit/actor.js';
import { Revocations } from '../revocation/revocations.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { SessionEnder } from '../tokens/session-ender.js';
import { Sessions } from '../tokens/sessions.js';
import { tokensErrors } from '../tokens/tokens.errors.js';
import { Users } from '../users/users.js';
import type { GrantedAccess } from './granted-access.js';

/** Continues a session: roles, permissions and claims are those of now. Three SQL statements. */
@Injectable()
export class RefreshSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly users: Users,
    private readonly accessTokens: AccessTokens,
    private readonly ender: SessionEnder,
    private readonly revocations: Revocations,
  ) {}

  /**
   * The refresh token is replaced last, when nothing else can fail: a refresh that fails leaves the
   * client with a token that is still current.
   *
   * @throws LatchkeyError `auth.refresh_invalid`, `auth.refresh_reused`, `auth.session_expired`,
   *   `auth.session_revoked`
   */
  async refresh(refreshToken: string, actor: Actor): Promise<GrantedAccess> {
    const presented = await this.sessions.present(refreshToken, actor);
    const current = await this.users.findFacts(presented.userId);
    if (current?.status !== 'active') return this.endOrphaned(presented.sessionId, actor);
    const access = await this.accessTokens.issue(presented.subject, current.facts);
    const granted = await this.sessions.rotate(presented, actor);
    return { ...granted, ...access, user: current.user };
  }

  /** Whoever disables or deletes an account ends its sessions: this is the second line. */
  private async endOrphaned(sessionId: string, actor: Actor): Promise<never> {
    await this.revocations.commit((transaction) =>
      this.ender.endOne(transaction, sessionId, { reason: 'user_disabled', actor }),
    );
    throw tokensErrors.sessionRevoked();
  }
}
