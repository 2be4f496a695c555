import { Injectable } from '@nestjs/common';
import { CLOCK_LEEWAY_SECONDS } from '../access/access-token-verifier.js';
import type { Actor } from '../audit/actor.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { RevokingTransaction } from '../revocation/revoking-transaction.js';
import type { SessionEndReason } from './session.entity.js';
import { SESSION_ENDS_AT_SQL } from './session-limits.js';
import { MAX_ACCESS_TOKEN_TTL_SECONDS } from './tokens.config.js';

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
const OUTLIVING_SECONDS = MAX_ACCESS_TOKEN_TTL_SECONDS + CLOCK_LEEWAY_SECONDS;

/**
 * Ends sessions inside the caller's transaction: their refresh tokens are refused from its commit
 * on, their access tokens by the revocations that it carries. What has ended stays as it ended.
 */
@Injectable()
export class SessionEnder {
  constructor(private readonly auditTrail: AuditTrail) {}

  /**
   * @param ending.userId refuses to end anybody else's session
   * @returns whether there was such a live session
   */
  async endOne(
    transaction: RevokingTransaction,
    sessionId: string,
    ending: Ending & { readonly userId?: string },
  ): Promise<boolean> {
    const owner = ending.userId ?? null;
    const condition = 'id = $3 AND ($4::uuid IS NULL OR user_id = $4)';
    const [ended] = await this.end(transaction, ending, condition, [sessionId, owner]);
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
   * @param ending.except a session that goes on
   * @returns how many live sessions ended
   */
  async endAllOfUser(
    transaction: RevokingTransaction,
    userId: string,
    ending: Ending & { readonly except?: string },
  ): Promise<number> {
    const condition = 'user_id = $3 AND id IS DISTINCT FROM $4::uuid';
    const ended = await this.end(transaction, ending, condition, [userId, ending.except ?? null]);
    const revoked = ended.filter(({ live }) => live).length;
    if (revoked === 0) return 0;
    await this.auditTrail.record(transaction.manager, {
      action: 'sessions.revoked',
      actor: ending.actor,
      target: { type: 'user', id: userId },
      reason: ending.reason,
      details: { revoked, ...(ending.except !== undefined && { except: ending.except }) },
    });
    return revoked;
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
      WHERE ${condition} AND ended_at IS NULL
        AND clock_timestamp() < ${SESSION_ENDS_AT_SQL} + interval '${OUTLIVING_SECONDS} seconds'
      ORDER BY session.id
      FOR UPDATE
    )
    UPDATE sessions AS session
    SET ended_at = clock_timestamp(), ended_by = $2::uuid,
      end_reason = CASE WHEN ending.live THEN $1 ELSE 'expired' END
    FROM ending
    WHERE session.id = ending.id
    RETURNING session.id, session.user_id, ending.live, host(session.last_ip) AS last_ip,
      session.last_user_agent`;
}
