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

/** Five wrong codes of 2^40, for each ticket. */
const TRIES = 5;
/** A caller that asks again within it gets what is under way already. */
const SAME_FOR_SECONDS = 60;

const COLUMNS = `id, purpose, subject, user_id AS "userId", session_id AS "sessionId", bound_to AS "boundTo",
  key, state, details,
  ceil(extract(epoch FROM expires_at - clock_timestamp()))::integer AS "expiresInSeconds"`;
const IS_LIVE = 'consumed_at IS NULL AND expires_at > clock_timestamp()';

/** The statements on `one_time_secrets` and `one_time_tickets`. */
@Injectable()
export class OneTimeStore {
  /**
   * Puts the secret in, with a ticket; unless one of its purpose and subject is live, the same and not a
   * minute old, or there are `atOnce` of them: then the newest gets the ticket, as it is. Where there may
   * be one, it takes the place of whatever there was. The caller holds the account.
   */
  async put(
    manager: EntityManager,
    secret: NewSecret,
    ticketId: string,
    atOnce: number,
  ): Promise<LiveSecret> {
    const { id, purpose, subject, userId, sessionId, boundTo, key, state, details } = secret;
    const [stored] = await manager.query<LiveSecret[]>(
      `WITH newest AS (
         SELECT id, created_at, count(*) OVER () AS number FROM one_time_secrets
         WHERE purpose = $2::text AND subject = $3::uuid AND ${IS_LIVE}
           AND (user_id, session_id, bound_to, state, details)
             IS NOT DISTINCT FROM ($4::uuid, $5::uuid, $6::bytea, $8::bytea, $9::jsonb)
         ORDER BY created_at DESC LIMIT 1),
       same AS (
         SELECT id FROM newest WHERE ($12::integer > 1 AND number >= $12)
           OR created_at > clock_timestamp() - interval '${SAME_FOR_SECONDS} seconds'),
       replaced AS (
         DELETE FROM one_time_secrets
         WHERE purpose = $2 AND subject = $3 AND NOT EXISTS (SELECT FROM same)
           AND ($12 = 1 OR NOT (${IS_LIVE}) OR state IS DISTINCT FROM $8)),
       stored AS (
         INSERT INTO one_time_secrets (id, purpose, subject, user_id, session_id, bound_to, key, state,
           details, expires_at)
         SELECT $1::uuid, $2, $3::uuid, $4::uuid, $5::uuid, $6::bytea, $7::bytea, $8::bytea, $9::jsonb,
           clock_timestamp() + make_interval(secs => $10)
         WHERE NOT EXISTS (SELECT FROM same) RETURNING *),
       issued AS (
         SELECT * FROM stored
         UNION ALL SELECT * FROM one_time_secrets WHERE id IN (SELECT id FROM same)),
       ticket AS (
         INSERT INTO one_time_tickets (id, secret_id, tries_left) SELECT $11::uuid, id, ${TRIES} FROM issued)
       SELECT ${COLUMNS} FROM issued`,
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
        ticketId,
        atOnce,
      ],
    );
    if (stored === undefined) throw new Error('A one-time secret vanished while it was asked for.');
    return stored;
  }

  async find(manager: EntityManager, id: string): Promise<LiveSecret | null> {
    const [row] = await manager.query<LiveSecret[]>(
      `SELECT ${COLUMNS} FROM one_time_secrets WHERE id = $1 AND ${IS_LIVE}`,
      [id],
    );
    return row ?? null;
  }

  /** One that has been redeemed, as long as it is stored. */
  async findConsumed(manager: EntityManager, id: string): Promise<LiveSecret | null> {
    const [row] = await manager.query<LiveSecret[]>(
      `SELECT ${COLUMNS} FROM one_time_secrets WHERE id = $1 AND consumed_at IS NOT NULL`,
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
      `SELECT ${COLUMNS} FROM one_time_secrets WHERE ${IS_LIVE}
         AND id = (SELECT secret_id FROM one_time_tickets WHERE id = $1)`,
      [ticketId],
    );
    return row ?? null;
  }

  /** Of a ticket that bears another try: any other judge of a code with it waits for the transaction. */
  async lockByTicket(manager: EntityManager, ticketId: string): Promise<LiveSecret | null> {
    const [row] = await manager.query<LiveSecret[]>(
      `SELECT ${COLUMNS} FROM one_time_secrets WHERE ${IS_LIVE} AND id = (
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
    const [consumed]: [unknown[], number] = await manager.query(
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
