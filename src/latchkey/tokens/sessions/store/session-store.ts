import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import {
  CLOCK_LEEWAY_SECONDS,
  MAX_ACCESS_TOKEN_TTL_SECONDS,
} from '../../../access/verification/access-token-limits.js';
import type { RevokingTransaction } from '../../revocation/revocations.js';
import { Session } from '../session.entity.js';
import type { SessionEndReason } from '../session-end-reason.js';
import {
  conditionParameters,
  conditionsSql,
  type SessionConditions,
} from './session-conditions.js';
import { IS_CUT_SQL, IS_LIVE_SQL, SESSION_ENDS_AT_SQL } from './session-sql.js';

// A session that has just expired has access tokens that have not: they are revoked as well.
export const OUTLIVING_SECONDS = MAX_ACCESS_TOKEN_TTL_SECONDS + CLOCK_LEEWAY_SECONDS;

/** What one statement ends at most: far from the time that a statement may take. */
const ENDED_PER_STATEMENT = 5_000;

const COUNT_SQL = `
  SELECT count(*)::int AS count FROM sessions AS session
  WHERE ${IS_LIVE_SQL} AND ${conditionsSql(1)}`;

const OLDEST_SQL = `
  SELECT session.id FROM sessions AS session
  WHERE session.user_id = $1 AND session.id <> $2 AND session.client_id IS NULL AND ${IS_LIVE_SQL}
  ORDER BY session.id DESC OFFSET $3`;

export interface EndedRow
  extends Readonly<Pick<Session, 'id' | 'userId' | 'lastIp' | 'lastUserAgent'>> {
  /** False when it had expired, and only its access tokens were still good. */
  readonly live: boolean;
}

interface Ending {
  readonly reason: SessionEndReason;
  readonly endedBy: string | null;
}

/**
 * The table `sessions`: lists, and the ends that are written into rows. Sign-in and refresh are in
 * `FamilyStore`, cutoffs in `CutoffStore`, the search in `SessionSearchStore`, retention in
 * `SessionRetention`; no other file has a statement on it.
 */
@Injectable()
export class SessionStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest first, below an id if one is given. */
  findLiveOfUser(userId: string, belowId: string | null, limit: number): Promise<Session[]> {
    const query = this.live().andWhere('session.userId = :userId', { userId });
    if (belowId !== null) query.andWhere('session.id < :belowId', { belowId });
    return query.orderBy('session.id', 'DESC').limit(limit).getMany();
  }

  findLive(sessionId: string): Promise<Session | null> {
    return this.live().andWhere('session.id = :sessionId', { sessionId }).getOne();
  }

  async isLive(manager: EntityManager, sessionId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `SELECT 1 FROM sessions AS session WHERE session.id = $1 AND ${IS_LIVE_SQL}`,
      [sessionId],
    );
    return rows.length === 1;
  }

  /** The same, and it is not ended before the transaction is over. */
  async keepLive(manager: EntityManager, sessionId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `SELECT 1 FROM sessions AS session WHERE session.id = $1 AND ${IS_LIVE_SQL}
       FOR SHARE OF session`,
      [sessionId],
    );
    return rows.length === 1;
  }

  async countLive(manager: EntityManager, conditions: SessionConditions): Promise<number> {
    const [row] = await manager.query<{ count: number }[]>(
      COUNT_SQL,
      conditionParameters(conditions),
    );
    return row?.count ?? 0;
  }

  /**
   * The live sessions of a user beyond the newest `kept`, of which the exempt one is one. Those at clients do not
   * count: they end with theirs.
   */
  async findOldest(
    manager: EntityManager,
    { id, userId }: Pick<Session, 'id' | 'userId'>,
    kept: number,
  ): Promise<string[]> {
    const oldest = await manager.query<Pick<Session, 'id'>[]>(OLDEST_SQL, [userId, id, kept - 1]);
    return oldest.map((session) => session.id);
  }

  /**
   * Ends one session, those at clients that came from it, and carries that in the transaction's revocations.
   *
   * @param userId leaves the session alone if it is of another user
   * @returns null when it has ended before
   */
  async endOne(
    transaction: RevokingTransaction,
    sessionId: string,
    ending: Ending,
    userId: string | null,
  ): Promise<EndedRow | null> {
    const condition = 'session.id = $4 AND ($5::uuid IS NULL OR session.user_id = $5)';
    const ended = await this.end(transaction, ending, condition, [1, sessionId, userId]);
    await this.endChildren(transaction, ending, ended);
    return ended[0] ?? null;
  }

  /**
   * Ends each session that meets the conditions, some thousands in a statement, those at clients that came from
   * it, and carries that in the transaction's revocations.
   *
   * @returns how many live ones
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
      await this.endChildren(transaction, ending, ended);
      count += ended.filter(({ live }) => live).length;
    } while (ended.length === ENDED_PER_STATEMENT);
    return count;
  }

  /** In a statement of its own: what began while it waited for the parents is seen. */
  private async endChildren(
    transaction: RevokingTransaction,
    ending: Ending,
    parents: readonly EndedRow[],
  ): Promise<void> {
    if (parents.length === 0) return;
    const ids = parents.map(({ id }) => id);
    const condition = 'session.parent_id = ANY ($4::uuid[])';
    let ended: EndedRow[];
    do {
      ended = await this.end(transaction, ending, condition, [ENDED_PER_STATEMENT, ids]);
    } while (ended.length === ENDED_PER_STATEMENT);
  }

  private async end(
    transaction: RevokingTransaction,
    { reason, endedBy }: Ending,
    condition: string,
    parameters: unknown[],
  ): Promise<EndedRow[]> {
    const [ended] = await transaction.manager.query<[EndedRow[], number]>(endSql(condition), [
      reason,
      endedBy,
      ...parameters,
    ]);
    for (const { id } of ended) transaction.revoke({ kind: 'session', sessionId: id });
    return ended;
  }

  private live(): SelectQueryBuilder<Session> {
    return this.dataSource.getRepository(Session).createQueryBuilder('session').where(IS_LIVE_SQL);
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
    RETURNING session.id, session.user_id AS "userId", ending.live,
      host(session.last_ip) AS "lastIp", session.last_user_agent AS "lastUserAgent"`;
}
