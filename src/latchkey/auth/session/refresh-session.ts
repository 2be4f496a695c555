import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AccessTokens } from '../../tokens/access-tokens/access-tokens.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import {
  FIRST_PARTY_CLIENT_ID,
  type SessionGrant,
} from '../../tokens/sessions/refresh/live-session.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { Sessions } from '../../tokens/sessions/sessions.js';
import { sessionLookup } from '../../tokens/sessions/store/session-family.js';
import { tokensErrors } from '../../tokens/sessions/tokens.errors.js';
import {
  FACTS_COLUMNS,
  type FactsRow,
  joinUserSql,
  toUserWithFacts,
} from '../../users/accounts/store/user-authority-store.js';
import type { GrantedAccess } from '../sign-in/start-session.js';
import { RefreshOutcomes } from './refresh-outcomes.js';

/** Here alone are both known: sessions know no table of users. */
const WITH_USER = sessionLookup({
  what: 'user',
  join: joinUserSql('session.user_id'),
  columns: FACTS_COLUMNS,
  read: (row) => toUserWithFacts(row as FactsRow),
});

/** By whose word a session goes on. */
export interface RefreshingClient {
  /** Whose session it has to be. */
  readonly id: string;
  /** What it calls itself by: claim `client_id`. */
  readonly publicId: string;
}

const FIRST_PARTY: RefreshingClient = {
  id: FIRST_PARTY_CLIENT_ID,
  publicId: FIRST_PARTY_CLIENT_ID,
};

/** Null: nothing limits the token but what the user may do. */
type Narrowing = (granted: SessionGrant | null) => SessionGrant | null;

/** Continues a session: roles, permissions and claims are those of now. Two SQL statements. */
@Injectable()
export class RefreshSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly accessTokens: AccessTokens,
    private readonly ender: SessionEnder,
    private readonly revocations: Revocations,
    private readonly outcomes: RefreshOutcomes,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * The refresh token is replaced last, when nothing else can fail: a refresh that fails leaves the
   * client with a token that is still current.
   *
   * @param narrow what the access token is to be limited to, of what has been granted. When it throws, nothing is replaced
   * @throws LatchkeyError `auth.refresh_invalid`, `auth.refresh_reused`, `auth.session_expired`,
   *   `auth.session_revoked`
   */
  async refresh(
    refreshToken: string,
    actor: Actor,
    client: RefreshingClient = FIRST_PARTY,
    narrow: Narrowing = (grant) => grant,
  ): Promise<GrantedAccess> {
    try {
      return await this.continue(refreshToken, actor, client, narrow);
    } catch (error) {
      this.outcomes.failed(error);
      throw error;
    }
  }

  private async continue(
    refreshToken: string,
    actor: Actor,
    client: RefreshingClient,
    narrow: Narrowing,
  ): Promise<GrantedAccess> {
    const presented = await this.sessions.present(refreshToken, actor, WITH_USER, client.id);
    const { user, status, facts } = presented.alongside;
    if (status !== 'active') return this.endOrphaned(presented.sessionId, actor);
    const grant = narrow(presented.subject.grant);
    const access = await this.accessTokens.issue(
      { ...presented.subject, clientId: client.publicId, grant },
      facts,
      this.dataSource.manager,
    );
    const { session, refreshToken: next } = await this.sessions.rotate(presented, actor);
    this.outcomes.granted(presented.judgement);
    return { session: { ...session, grant }, refreshToken: next, ...access, user };
  }

  /** Second line of defence: disabling or deleting an account has ended its sessions already. */
  private async endOrphaned(sessionId: string, actor: Actor): Promise<never> {
    await this.revocations.commit((transaction) =>
      this.ender.endOne(transaction, sessionId, { reason: 'user_disabled', actor }),
    );
    throw tokensErrors.sessionRevoked();
  }
}
