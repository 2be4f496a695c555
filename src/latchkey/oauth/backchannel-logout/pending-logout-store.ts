import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { liveAtClientSql, liveUntilSql } from '../../tokens/sessions/store/session-sql.js';
import type { PendingLogout } from './pending-logout.entity.js';

/** A session that is over, and whom to tell. */
export type DueLogout = Readonly<Pick<PendingLogout, 'sessionId' | 'clientId' | 'userId' | 'uri'>>;

/**
 * Soon, for the first time: what ends everything while a session begins has not seen it.
 */
const FIRST_LOOK = `clock_timestamp() + interval '60 seconds'`;
const DUE = `pending.session_id AS "sessionId", pending.client_id AS "clientId",
  pending.user_id AS "userId", pending.uri`;

/**
 * The table `pending_logouts`. A row is there from the beginning of a session until, in one transaction, it
 * is taken and a message about it is left: so each is told of, whatever ended it, and of none twice.
 */
@Injectable()
export class PendingLogoutStore {
  async add(manager: EntityManager, logout: DueLogout): Promise<void> {
    const { sessionId, clientId, userId, uri } = logout;
    await manager.query(
      `INSERT INTO pending_logouts (session_id, client_id, user_id, uri, look_at)
       VALUES ($1, $2, $3, $4, ${FIRST_LOOK})`,
      [sessionId, clientId, userId, uri],
    );
  }

  /** From now on a client is told there, also of the sessions that it has; null: not any more. */
  async readdress(manager: EntityManager, clientId: string, uri: string | null): Promise<void> {
    if (uri === null) {
      await manager.query('DELETE FROM pending_logouts WHERE client_id = $1', [clientId]);
      return;
    }
    await manager.query(
      `INSERT INTO pending_logouts AS pending (session_id, client_id, user_id, uri, look_at)
       SELECT id, client_id, user_id, $2, ${FIRST_LOOK} FROM ${liveAtClientSql('$1')} AS live
       ON CONFLICT (session_id) DO UPDATE SET uri = excluded.uri`,
      [clientId, uri],
    );
  }

  /** Takes those that are over among these sessions and those of these users. */
  async takeOver(
    manager: EntityManager,
    { sessionIds, userIds }: { sessionIds: readonly string[]; userIds: readonly string[] },
  ): Promise<DueLogout[]> {
    const [taken] = await manager.query<[DueLogout[], number]>(
      `WITH over AS MATERIALIZED (
         SELECT session_id FROM pending_logouts AS pending
         WHERE (session_id = ANY ($1::uuid[]) OR user_id = ANY ($2::uuid[]))
           AND ${liveUntilSql('pending.session_id')} IS NULL
         ORDER BY session_id FOR UPDATE)
       DELETE FROM pending_logouts AS pending USING over
       WHERE pending.session_id = over.session_id RETURNING ${DUE}`,
      [sessionIds, userIds],
    );
    return taken;
  }

  /** Has all of them looked at. */
  async lookAtAll(manager: EntityManager): Promise<void> {
    await manager.query(
      'UPDATE pending_logouts SET look_at = clock_timestamp() WHERE look_at > clock_timestamp()',
    );
  }

  async hasAny(manager: EntityManager): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT FROM pending_logouts LIMIT 1');
    return rows.length > 0;
  }

  /**
   * Looks at some that may be over by now: takes those that are, and says of the others when to look again. Skips
   * what others look at.
   *
   * @returns those taken, and whether there may be more to look at
   */
  async takeExpired(
    manager: EntityManager,
    limit: number,
  ): Promise<{ taken: DueLogout[]; more: boolean }> {
    const seen = await manager.query<{ id: string }[]>(
      `SELECT session_id AS id FROM pending_logouts WHERE look_at <= clock_timestamp()
       ORDER BY look_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [limit],
    );
    if (seen.length === 0) return { taken: [], more: false };
    const sessionIds = seen.map(({ id }) => id);
    const taken = await this.takeOver(manager, { sessionIds, userIds: [] });
    await manager.query(
      `UPDATE pending_logouts AS pending
       SET look_at = coalesce(${liveUntilSql('pending.session_id')}, clock_timestamp())
       WHERE session_id = ANY ($1::uuid[])`,
      [sessionIds],
    );
    return { taken, more: seen.length === limit };
  }
}
