import { Injectable } from '@nestjs/common';
import {
  CLOCK_LEEWAY_SECONDS,
  MAX_ACCESS_TOKEN_TTL_SECONDS,
} from '../../access/verification/access-token-limits.js';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { RevokingTransaction } from '../revocation/revocations.js';
import {
  conditionParameters,
  conditionsSql,
  type SessionConditions,
} from './admin/session-conditions.js';
import { IS_CUT_SQL } from './cutoffs/cutoff-sql.js';
import type { SessionCount } from './cutoffs/session-counter.js';
import { type CutoffReason, SessionCutoffs } from './cutoffs/session-cutoffs.js';
import type { SessionEndReason } from './session-end-reason.js';
import { SESSION_ENDS_AT_SQL } from './session-sql.js';

interface Ending {
  readonly reason: Exclude<SessionEndReason, 'expired'>;
  readonly actor: Actor;
}

interface EndedRow {
  id: string;
  user_id: string;
  live: boolean;
  last_ip: string;
  last_user_agent: string | null;
}

// A session that has just expired has access tokens that have not: they are revoked as well.
export const OUTLIVING_SECONDS = MAX_ACCESS_TOKEN_TTL_SECONDS + CLOCK_LEEWAY_SECONDS;

/** What one statement ends at most: far from the time that a statement may take. */
const ENDED_PER_STATEMENT = 5_000;

/**
 * Ends sessions inside the caller's transaction: their refresh tokens are refused from its commit
 * on, their access tokens by the revocations that it carries. What has ended stays as it ended.
 */
@Injectable()
export class SessionEnder {
  constructor(
    private readonly auditTrail: AuditTrail,
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
    const condition = 'session.id = $4 AND ($5::uuid IS NULL OR session.user_id = $5)';
    const parameters = [sessionId, ending.userId ?? null];
    const [ended] = await this.end(transaction, ending, condition, [1, ...parameters]);
    if (ended?.live !== true) return false;
    const reused = ending.reason === 'refresh_reused';
    await this.auditTrail.record(transaction.manager, {
      action: reused ? 'session.refresh_reused' : 'session.ended',
      actor: ending.actor,
      target: { type: 'session', id: ended.id },
      reason: ending.reason,
      details: {
        userId: ended.user_id,
        // The other side of a reuse: whoever rotated the family last.
        ...(reused && { lastIp: ended.last_ip, lastUserAgent: ended.last_user_agent }),
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
    await this.auditTrail.record(transaction.manager, {
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
  async endMatching(
    transaction: RevokingTransaction,
    conditions: SessionConditions,
    ending: Ending,
  ): Promise<number> {
    const parameters = [ENDED_PER_STATEMENT, ...conditionParameters(conditions)];
    let count = 0;
    let ended: EndedRow[];
    do {
      ended = await this.end(transaction, ending, conditionsSql(4), parameters);
      count += ended.filter(({ live }) => live).length;
    } while (ended.length === ENDED_PER_STATEMENT);
    return count;
  }

  private async end(
    transaction: RevokingTransaction,
    { reason, actor }: Ending,
    condition: string,
    parameters: unknown[],
  ): Promise<EndedRow[]> {
    const [ended] = await transaction.manager.query<[EndedRow[], number]>(endSql(condition), [
      reason,
      actor.userId,
      ...parameters,
    ]);
    for (const { id } of ended) transaction.revoke({ kind: 'session', sessionId: id });
    return ended;
  }
}

// Locked in one order, so that two callers who end the same sessions cannot wait for each other.
function endSql(condition: string): string {
  return `
    WITH ending AS MATERIALIZED (
      SELECT session.id, clock_timestamp() < ${SESSION_ENDS_AT_SQL} AS live
      FROM sessions AS session
      WHERE ${condition} AND session.ended_at IS NULL
        AND clock_timestamp() < ${SESSION_ENDS_AT_SQL} + interval '${OUTLIVING_SECONDS} seconds'
        AND NOT ${IS_CUT_SQL}
      ORDER BY session.id
      LIMIT $3
      FOR UPDATE OF session
    )
    UPDATE sessions AS session
    SET ended_at = clock_timestamp(), ended_by = $2::uuid,
      end_reason = CASE WHEN ending.live THEN $1 ELSE 'expired' END
    FROM ending
    WHERE session.id = ending.id
    RETURNING session.id, session.user_id, ending.live, host(session.last_ip) AS last_ip,
      session.last_user_agent`;
}
