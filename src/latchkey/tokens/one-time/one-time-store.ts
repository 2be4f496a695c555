import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IS_LIVE, LIVE_SECRET, type LiveSecret } from './live-secret.js';

/** The statements on rows of `one_time_secrets` and `one_time_tickets` that are there. */
@Injectable()
export class OneTimeStore {
  async find(manager: EntityManager, id: string): Promise<LiveSecret | null> {
    const [row] = await manager.query<LiveSecret[]>(
      `SELECT ${LIVE_SECRET} FROM one_time_secrets WHERE id = $1 AND ${IS_LIVE}`,
      [id],
    );
    return row ?? null;
  }

  /** One that has been redeemed, as long as it is stored. */
  async findConsumed(manager: EntityManager, id: string): Promise<LiveSecret | null> {
    const [row] = await manager.query<LiveSecret[]>(
      `SELECT ${LIVE_SECRET} FROM one_time_secrets WHERE id = $1 AND consumed_at IS NOT NULL`,
      [id],
    );
    return row ?? null;
  }

  async addDetails(
    manager: EntityManager,
    id: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    await manager.query(
      'UPDATE one_time_secrets SET details = details || $2::jsonb WHERE id = $1',
      [id, JSON.stringify(details)],
    );
  }

  async findByTicket(manager: EntityManager, ticketId: string): Promise<LiveSecret | null> {
    const [row] = await manager.query<LiveSecret[]>(
      `SELECT ${LIVE_SECRET} FROM one_time_secrets WHERE ${IS_LIVE}
         AND id = (SELECT secret_id FROM one_time_tickets WHERE id = $1)`,
      [ticketId],
    );
    return row ?? null;
  }

  /** Of a ticket that bears another try: any other judge of a code with it waits for the transaction. */
  async lockByTicket(manager: EntityManager, ticketId: string): Promise<LiveSecret | null> {
    const [row] = await manager.query<LiveSecret[]>(
      `SELECT ${LIVE_SECRET} FROM one_time_secrets WHERE ${IS_LIVE} AND id = (
         SELECT secret_id FROM one_time_tickets WHERE id = $1 AND tries_left > 0 FOR UPDATE)`,
      [ticketId],
    );
    return row ?? null;
  }

  /** A wrong code: after the last one that it bears the ticket is worth nothing. */
  async countWrongCode(manager: EntityManager, ticketId: string): Promise<void> {
    await manager.query(
      'UPDATE one_time_tickets SET tries_left = tries_left - 1 WHERE id = $1 AND tries_left > 0',
      [ticketId],
    );
  }

  /** Whether it was this call that consumed it. */
  async consume(manager: EntityManager, id: string): Promise<boolean> {
    const [consumed] = await manager.query<[unknown[], number]>(
      `UPDATE one_time_secrets SET consumed_at = clock_timestamp()
       WHERE id = $1 AND ${IS_LIVE} RETURNING id`,
      [id],
    );
    return consumed.length === 1;
  }

  /** What else is good for the same. */
  async consumeOthers(
    manager: EntityManager,
    { purpose, subject }: Pick<LiveSecret, 'purpose' | 'subject'>,
  ): Promise<void> {
    await manager.query(
      `UPDATE one_time_secrets SET consumed_at = clock_timestamp()
       WHERE purpose = $1 AND subject = $2 AND ${IS_LIVE}`,
      [purpose, subject],
    );
  }

  /** What has been asked for about an account, without what it takes to redeem it. */
  listOfUser(manager: EntityManager, userId: string): Promise<unknown[]> {
    return manager.query(
      `SELECT purpose, details, created_at AS "createdAt", expires_at AS "expiresAt",
         consumed_at AS "consumedAt"
       FROM one_time_secrets WHERE user_id = $1 ORDER BY created_at`,
      [userId],
    );
  }

  /** Of those of an account that are good still, what was said when the first was issued. */
  async findOldestDetails(
    manager: EntityManager,
    purpose: string,
    userId: string,
  ): Promise<Record<string, unknown> | null> {
    const [oldest] = await manager.query<Pick<LiveSecret, 'details'>[]>(
      `SELECT details FROM one_time_secrets WHERE user_id = $1 AND purpose = $2 AND ${IS_LIVE}
       ORDER BY created_at LIMIT 1`,
      [userId, purpose],
    );
    return oldest?.details ?? null;
  }

  /** Of the same purpose and account. */
  async deleteNewer(manager: EntityManager, id: string): Promise<void> {
    await manager.query(
      `DELETE FROM one_time_secrets AS newer USING one_time_secrets AS older
       WHERE older.id = $1 AND newer.user_id = older.user_id AND newer.purpose = older.purpose
         AND newer.created_at > older.created_at`,
      [id],
    );
  }

  /**
   * Removes what has been over for a day, and what is about nobody as soon as it is over: strangers ask for
   * as many challenges as they like. Returns how many.
   */
  async deleteOld(manager: EntityManager, limit: number): Promise<number> {
    const [, count]: [unknown[], number] = await manager.query(
      `DELETE FROM one_time_secrets WHERE id IN (
         SELECT id FROM one_time_secrets WHERE expires_at < clock_timestamp()
           AND (expires_at < clock_timestamp() - interval '1 day'
             OR user_id IS NULL AND subject IS NULL)
         ORDER BY expires_at LIMIT $1)`,
      [limit],
    );
    return count;
  }
}
