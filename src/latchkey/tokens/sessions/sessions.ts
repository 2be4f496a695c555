import { Injectable } from '@nestjs/common';
import { DataSource, EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { databaseErrors } from '../../platform/database/database.errors.js';
import type { ShownFactor } from '../assurance/factor.js';
import { Revocations, type RevokingTransaction } from '../revocation/revocations.js';
import {
  FIRST_PARTY_CLIENT_ID,
  type GrantedSession,
  type LiveSession,
  toLiveSession,
} from './refresh/live-session.js';
import { type GoodJudgement, PresentedSession } from './refresh/presented-session.js';
import { RefreshRecord } from './refresh/refresh-record.js';
import { RefreshTokens } from './refresh/refresh-tokens.js';
import {
  advance,
  decisionLapsesAtMilliseconds,
  type Judgement,
  recover,
} from './refresh/rotation-rule.js';
import { mergeSessionData, type NamedSessionData } from './session-data.js';
import { SessionEnder } from './session-ender.js';
import { type AdvancedFamily, FamilyStore } from './store/family-store.js';
import { SESSION_ALONE, type SessionFamily, type SessionLookup } from './store/session-family.js';
import { TokensConfig } from './tokens.config.js';
import { tokensErrors } from './tokens.errors.js';

const ADVANCE_ATTEMPTS = 2;

/**
 * Starts and continues sessions. A refresh is `present`, which reads what the caller has to know of
 * the user along, and then `rotate`: one SQL statement each, and no transaction around them.
 */
@Injectable()
export class Sessions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly families: FamilyStore,
    private readonly tokens: RefreshTokens,
    private readonly ender: SessionEnder,
    private readonly revocations: Revocations,
    private readonly audit: AuditTrail,
    private readonly record: RefreshRecord,
    private readonly config: TokensConfig,
  ) {}

  /**
   * Starts a new session in the caller's transaction, and records it. It never adopts one. Says as well
   * whether the place and the software are new to the user (the anomaly `new_device`).
   *
   * @throws LatchkeyError `sessions.data_unfit`
   */
  async start(
    transaction: RevokingTransaction | EntityManager,
    input: {
      userId: string;
      factors: readonly ShownFactor[];
      actor: Actor;
      data?: readonly NamedSessionData[];
    },
  ): Promise<GrantedSession & { readonly isNewDevice: boolean }> {
    const { userId, factors, actor, data = [] } = input;
    const manager = transaction instanceof EntityManager ? transaction : transaction.manager;
    const family = await this.families.insert(manager, {
      userId,
      factors,
      actor,
      data: mergeSessionData({}, data),
      idleTtlSeconds: this.config.sessionIdleTtlSeconds,
      absoluteTtlSeconds: this.config.sessionAbsoluteTtlSeconds,
    });
    const { session, ...granted } = this.tokens.grant(family);
    const anomalies = await this.audit.recordAndMark(manager, {
      action: 'session.started',
      actor: { ...actor, userId, sessionId: family.sessionId },
      target: { type: 'session', id: family.sessionId },
      details: { methods: session.amr, acr: session.acr },
    });
    return { session, ...granted, isNewDevice: anomalies.includes('new_device') };
  }

  /**
   * The session, live or not, that an authentic refresh token of any generation belongs to; null
   * for any other text. Enough to sign out, and to nothing else. Changes nothing.
   */
  async identify(
    refreshToken: string,
  ): Promise<{ id: string; userId: string; clientId: string } | null> {
    const authentic = await this.tokens.authenticate(refreshToken, SESSION_ALONE);
    if (authentic === null) return null;
    const { sessionId: id, userId, clientId } = authentic.family;
    return { id, userId, clientId: clientId ?? FIRST_PARTY_CLIENT_ID };
  }

  /**
   * The live session that a refresh token would continue; null for any other text. Changes nothing:
   * here not even a token that was superseded long ago ends its session.
   */
  async inspect(refreshToken: string): Promise<LiveSession | null> {
    const authentic = await this.tokens.authenticate(refreshToken, SESSION_ALONE);
    if (authentic === null) return null;
    const { family, generation } = authentic;
    if (family.endReason !== null || family.nowMilliseconds >= family.endsAtMilliseconds)
      return null;
    return isGood(this.tokens.judge(family, generation)) ? toLiveSession(family) : null;
  }

  /**
   * Says which live session a refresh token belongs to. Changes nothing, with one exception: an
   * authentic token that was superseded too long ago ends its session, for good and before this
   * throws (RFC 9700 section 4.14.2).
   *
   * @param lookup what is read with the session
   * @param clientId who presents it: a token of another client is none, whatever its generation
   * @throws LatchkeyError `auth.refresh_invalid`, `auth.session_revoked`, `auth.session_expired`,
   *   `auth.refresh_reused`
   */
  async present<T>(
    refreshToken: string,
    actor: Actor,
    lookup: SessionLookup<T>,
    clientId: string,
  ): Promise<PresentedSession<T>> {
    const authentic = await this.tokens.authenticate(refreshToken, lookup);
    if (authentic === null) throw tokensErrors.refreshInvalid();
    const { family, generation, alongside } = authentic;
    if ((family.clientId ?? FIRST_PARTY_CLIENT_ID) !== clientId) {
      throw tokensErrors.refreshInvalid();
    }
    if (family.endReason === 'expired') throw tokensErrors.sessionExpired();
    if (family.endReason !== null) throw tokensErrors.sessionRevoked();
    if (family.nowMilliseconds >= family.endsAtMilliseconds) throw tokensErrors.sessionExpired();

    const judgement = this.tokens.judge(family, generation);
    if (judgement === 'unissued') throw tokensErrors.refreshInvalid();
    if (judgement === 'reused') return this.endForReuse(family.sessionId, actor);
    return new PresentedSession(family, generation, judgement, alongside);
  }

  /**
   * Continues the session with its next refresh token, or with its current one when the token
   * presented has been superseded or another caller is first. However many callers, on however
   * many instances, they all get the same token.
   *
   * @throws LatchkeyError `auth.session_revoked` when the session has ended since it was
   *   presented, `auth.refresh_reused` when another caller is first and there is no tolerance,
   *   `database.unavailable` when the database is too slow to hold the grace; nothing has changed
   */
  async rotate(presented: PresentedSession<unknown>, actor: Actor): Promise<GrantedSession> {
    let family = PresentedSession.familyOf(presented);
    if (presented.judgement === 'superseded') return this.grantCurrent(family, actor);

    for (let attempt = 1; attempt <= ADVANCE_ATTEMPTS; attempt++) {
      const { generation } = family.rotation;
      const outcome = await this.advance(family, presented.judgement, actor);
      if (outcome === null) throw tokensErrors.sessionRevoked();
      ({ family } = outcome);
      if (outcome.advanced) return this.tokens.grant(family);
      if (family.rotation.generation !== generation) {
        return this.isTolerated(presented, family)
          ? this.grantCurrent(family, actor)
          : this.endForReuse(family.sessionId, actor);
      }
    }
    throw databaseErrors.unavailable({ retryAfterSeconds: 1 });
  }

  private async advance(
    family: SessionFamily,
    judgement: GoodJudgement,
    actor: Actor,
  ): Promise<AdvancedFamily | null> {
    const { sessionId, rotation, nowMilliseconds } = family;
    const { graceMilliseconds } = this.tokens.limits;
    const change = judgement === 'unanswered' ? recover : advance;
    const next = change(rotation, nowMilliseconds, graceMilliseconds);
    const lapsesAtMilliseconds = decisionLapsesAtMilliseconds(next, graceMilliseconds);
    const step = { sessionId, from: rotation.generation, next, lapsesAtMilliseconds, actor };
    if (judgement !== 'unanswered') return this.families.advance(step);
    return this.dataSource.transaction(async (manager) => {
      const outcome = await this.families.advance(step, manager);
      if (outcome?.advanced) await this.record.recovered(manager, family, actor);
      return outcome;
    });
  }

  /** Whether another caller was first with the same token, or soon enough after it. */
  private isTolerated(
    { generation, judgement }: PresentedSession<unknown>,
    family: SessionFamily,
  ): boolean {
    if (judgement === 'current' && this.tokens.limits.graceMilliseconds > 0) return true;
    return isGood(this.tokens.judge(family, generation));
  }

  private async grantCurrent(family: SessionFamily, actor: Actor): Promise<GrantedSession> {
    await this.record.repeated(family, actor);
    return this.tokens.grant(family);
  }

  private async endForReuse(sessionId: string, actor: Actor): Promise<never> {
    const ended = await this.revocations.commit((transaction) =>
      this.ender.endOne(transaction, sessionId, { reason: 'refresh_reused', actor }),
    );
    // The second of two requests presented a token of a session that had already ended.
    throw ended ? tokensErrors.refreshReused() : tokensErrors.sessionRevoked();
  }
}

function isGood(judgement: Judgement): judgement is GoodJudgement {
  return judgement !== 'reused' && judgement !== 'unissued';
}
