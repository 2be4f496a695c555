import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** A live row as its purpose needs it; it holds the key, so never log or return it. */
export interface LiveSecret {
  readonly id: string;
  readonly purpose: string;
  /** The account's id, or what stands for an unknown one; null: about no account. */
  readonly subject: string | null;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly boundTo: Buffer | null;
  readonly key: Buffer;
  readonly state: Buffer | null;
  readonly details: Record<string, unknown>;
  readonly expiresInSeconds: number;
}

export interface NewSecret extends Omit<LiveSecret, 'expiresInSeconds'> {
  readonly lifetimeSeconds: number;
}

/** Five wrong codes of 2^40. */
const TRIES = 5;
/** A caller that asks again within it gets what is under way already. */
const SAME_FOR_SECONDS = 60;

const COLUMNS = `id, purpose, subject, user_id AS "userId", session_id AS "sessionId", bound_to AS "boundTo",
  key, state, details,
  ceil(extract(epoch FROM expires_at - clock_timestamp()))::integer AS "expiresInSeconds"`;
const IS_LIVE = 'consumed_at IS NULL AND expires_at > clock_timestamp()';

/** The statements on `one_time_secrets`. */
@Injectable()
export class OneTimeStore {
  /**
   * Puts the secret in the place of an older one of its purpose and subject, whatever became of
   * that; unless it is live, not a minute old and for the same client, which is returned instead, as
   * it is. Of several at once one is stored, and all return it.
   */
  async put(manager: EntityManager, secret: NewSecret): Promise<LiveSecret> {
    const { id, purpose, subject, userId, sessionId, boundTo, key, state, details } = secret;
    const [stored]: LiveSecret[] = await manager.query(
      `INSERT INTO one_time_secrets AS old (id, purpose, subject, user_id, session_id, bound_to, key,
         state, details, tries_left, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ${TRIES},
         clock_timestamp() + make_interval(secs => $10))
       ON CONFLICT (purpose, subject) DO UPDATE SET id = excluded.id, user_id = excluded.user_id,
         session_id = excluded.session_id, bound_to = excluded.bound_to, key = excluded.key,
         state = excluded.state, details = excluded.details, tries_left = excluded.tries_left,
         created_at = excluded.created_at, expires_at = excluded.expires_at, consumed_at = NULL
       WHERE old.consumed_at IS NOT NULL OR old.expires_at <= clock_timestamp()
         OR old.created_at <= clock_timestamp() - interval '${SAME_FOR_SECONDS} seconds'
         OR (old.user_id, old.session_id, old.bound_to, old.state, old.details)
           IS DISTINCT FROM (excluded.user_id, excluded.session_id, excluded.bound_to,
             excluded.state, excluded.details)
       RETURNING ${COLUMNS}`,
      [
        id,
        purpose,
        subject,
        userId,
        sessionId,
        boundTo,
        key,
        state,
        JSON.stringify(details),
        secret.lifetimeSeconds,
      ],
    );
    if (stored !== undefined) return stored;
    const [same]: LiveSecret[] = await manager.query(
      `SELECT ${COLUMNS} FROM one_time_secrets WHERE purpose = $1 AND subject = $2`,
      [purpose, subject],
    );
    if (same === undefined) throw new Error('A one-time secret vanished while it was asked for.');
    return same;
  }

  async find(manager: EntityManager, id: string): Promise<LiveSecret | null> {
    const [row]: LiveSecret[] = await manager.query(
      `SELECT ${COLUMNS} FROM one_time_secrets WHERE id = $1 AND ${IS_LIVE}`,
      [id],
    );
    return row ?? null;
  }

  /** The same, and any other judge of a code of it waits for the transaction. */
  async lock(manager: EntityManager, id: string): Promise<LiveSecret | null> {
    const [row]: LiveSecret[] = await manager.query(
      `SELECT ${COLUMNS} FROM one_time_secrets WHERE id = $1 AND ${IS_LIVE} FOR UPDATE`,
      [id],
    );
    return row ?? null;
  }

  /** A wrong code: the last one that it bears consumes it. */
  async countWrongCode(manager: EntityManager, id: string): Promise<void> {
    await manager.query(
      `UPDATE one_time_secrets SET tries_left = tries_left - 1,
         consumed_at = CASE WHEN tries_left = 1 THEN clock_timestamp() END
       WHERE id = $1 AND ${IS_LIVE}`,
      [id],
    );
  }

  /** Whether it was this call that consumed it. */
  async consume(manager: EntityManager, id: string): Promise<boolean> {
    const [consumed]: [unknown[], number] = await manager.query(
      `UPDATE one_time_secrets SET consumed_at = clock_timestamp()
       WHERE id = $1 AND ${IS_LIVE} RETURNING id`,
      [id],
    );
    return consumed.length === 1;
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
    const [oldest]: Pick<LiveSecret, 'details'>[] = await manager.query(
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
