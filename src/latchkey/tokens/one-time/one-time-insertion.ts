import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IS_LIVE, LIVE_SECRET, type LiveSecret } from './live-secret.js';

export interface NewSecret extends Omit<LiveSecret, 'expiresInSeconds'> {
  readonly lifetimeSeconds: number;
}

/** How many of one purpose and subject are good at once, and when whoever asks gets the newest as it is. */
export interface AtOnce {
  readonly most: number;
  /** Full: there are as many as may be. Young: the newest is not a minute old. */
  readonly isShared: 'young or full' | 'young and full';
}

/** Five wrong codes of 2^40, for each ticket. */
const TRIES = 5;
/** A caller that asks again within it gets what is under way already. */
const SAME_FOR_SECONDS = 60;

/** The statements that put rows into `one_time_secrets` and `one_time_tickets`. */
@Injectable()
export class OneTimeInsertion {
  /**
   * Puts the secret in, with a ticket if there is to be one; unless one of its purpose and subject is live, the
   * same and to be shared: then the newest gets the ticket, as it is. Where there may be one, it takes the place
   * of whatever there was. The caller holds the account.
   */
  async put(
    manager: EntityManager,
    secret: NewSecret,
    ticketId: string | null,
    { most, isShared }: AtOnce,
  ): Promise<LiveSecret> {
    const { id, purpose, subject, userId, sessionId, boundTo, key, state, details } = secret;
    const [stored] = await manager.query<LiveSecret[]>(
      `WITH newest AS (
         SELECT id, created_at, count(*) OVER () AS number FROM one_time_secrets
         WHERE purpose = $2::text AND subject = $3::uuid AND ${IS_LIVE}
           AND (user_id, session_id, bound_to, state, details - 'at')
             IS NOT DISTINCT FROM ($4::uuid, $5::uuid, $6::bytea, $8::bytea, $9::jsonb - 'at')
         ORDER BY created_at DESC LIMIT 1),
       same AS (
         SELECT id FROM (
           SELECT id, $12::integer > 1 AND number >= $12 AS is_full,
             created_at > clock_timestamp() - interval '${SAME_FOR_SECONDS} seconds' AS is_young
           FROM newest) AS judged
         WHERE CASE WHEN $13::boolean THEN is_full AND is_young ELSE is_full OR is_young END),
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
         INSERT INTO one_time_tickets (id, secret_id, tries_left)
         SELECT $11::uuid, id, ${TRIES} FROM issued WHERE $11::uuid IS NOT NULL)
       SELECT ${LIVE_SECRET} FROM issued`,
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
        most,
        isShared === 'young and full',
      ],
    );
    if (stored === undefined) throw new Error('A one-time secret vanished while it was asked for.');
    return stored;
  }

  /**
   * Puts in what is used up from the start. Another call of the same id waits for the transaction.
   *
   * @returns false where it is there already
   */
  async putConsumed(
    manager: EntityManager,
    {
      id,
      purpose,
      key,
      lifetimeSeconds,
    }: Pick<NewSecret, 'id' | 'purpose' | 'key' | 'lifetimeSeconds'>,
  ): Promise<boolean> {
    const stored = await manager.query<unknown[]>(
      `INSERT INTO one_time_secrets (id, purpose, key, details, expires_at, consumed_at)
       VALUES ($1, $2, $3, '{}', clock_timestamp() + make_interval(secs => $4), clock_timestamp())
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [id, purpose, key, lifetimeSeconds],
    );
    return stored.length === 1;
  }
}
