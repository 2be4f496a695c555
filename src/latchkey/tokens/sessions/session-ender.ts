import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { RevokingTransaction } from '../revocation/revocations.js';
import { type CutoffReason, SessionCutoffs } from './cutoffs/session-cutoffs.js';
import type { SessionEndReason } from './session-end-reason.js';
import type { SessionCount } from './store/cutoff-store.js';
import type { SessionConditions } from './store/session-conditions.js';
import { SessionStore } from './store/session-store.js';

interface Ending {
  readonly reason: Exclude<SessionEndReason, 'expired'>;
  readonly actor: Actor;
}

/**
 * Ends sessions inside the caller's transaction: their refresh tokens are refused from its commit
 * on, their access tokens by the revocations that it carries. What has ended stays as it ended.
 */
@Injectable()
export class SessionEnder {
  constructor(
    private readonly store: SessionStore,
    private readonly audit: AuditTrail,
    private readonly cutoffs: SessionCutoffs,
  ) {}

  /**
   * @param ending.userId refuses to end anybody else's session
   * @returns whether there was such a live session
   */
  async endOne(
    transaction: RevokingTransaction,
    sessionId: string,
    ending: Ending & { readonly userId?: string },
  ): Promise<boolean> {
    const { reason, actor, userId = null } = ending;
    const ended = await this.store.endOne(
      transaction,
      sessionId,
      { reason, endedBy: actor.userId },
      userId,
    );
    if (ended?.live !== true) return false;
    const reused = reason === 'refresh_reused';
    await this.audit.record(transaction.manager, {
      action: reused ? 'session.refresh_reused' : 'session.ended',
      actor,
      target: { type: 'session', id: ended.id },
      reason,
      details: {
        userId: ended.userId,
        // The other side of a reuse: the caller that rotated the family last.
        ...(reused && { lastIp: ended.lastIp, lastUserAgent: ended.lastUserAgent }),
      },
    });
    return true;
  }

  /**
   * Ends all sessions of a user by one row and one revocation, however many they are.
   *
   * @param ending.except a session that goes on, if nothing has ended it before
   * @returns how many live sessions ended
   */
  async endAllOfUser(
    transaction: RevokingTransaction,
    userId: string,
    ending: Ending & { readonly reason: CutoffReason; readonly except?: string },
  ): Promise<SessionCount> {
    const { reason, actor, except } = ending;
    const request = { userId, except };
    const ended = await this.cutoffs.end(transaction, request, { reason, endedBy: actor.userId });
    if (ended.count === 0) return ended;
    await this.audit.record(transaction.manager, {
      action: 'sessions.revoked',
      actor,
      target: { type: 'user', id: userId },
      reason,
      details: {
        revoked: ended.count,
        ...(ended.estimated && { estimated: true }),
        ...(except !== undefined && { except }),
      },
    });
    return ended;
  }

  /**
   * Ends each session that meets the conditions. Writes no audit event: the caller knows why.
   *
   * @returns how many live sessions ended
   */
  endMatching(
    transaction: RevokingTransaction,
    conditions: SessionConditions,
    { reason, actor }: Ending,
  ): Promise<number> {
    return this.store.endMatching(transaction, conditions, { reason, endedBy: actor.userId });
  }
}
