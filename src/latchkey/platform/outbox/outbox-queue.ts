import { Injectable } from '@nestjs/common';
import { TRIED_FOR } from './outbox.js';
import { OutboxConnection } from './outbox-connection.js';
import type { OutboxState } from './outbox-message.entity.js';

/** A worker that has not renewed its hold for so long has died. */
export const LEASE_SECONDS = 60;
const LEASE = `interval '${LEASE_SECONDS} seconds'`;
/** How many that are due are looked at in one statement. */
const LOOKED_AT = 200;

export interface TakenMessage {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly payload: Record<string, unknown>;
  readonly personal: Record<string, unknown> | null;
  /** Which try it is. Whoever takes the message raises it: nobody else's writes count from then on. */
  readonly attempts: number;
}

/** What came of looking for messages that are due. */
export interface Taken {
  readonly messages: readonly TakenMessage[];
  /** How many of those that were due wait for an earlier one to the same recipient. */
  readonly setAside: number;
}

/** What there is to do, now and next. */
export interface Outlook {
  /** Kinds of which something is due. */
  readonly due: readonly string[];
  /** How soon something else will be due; infinite when nothing waits. */
  readonly nextSeconds: number;
}

/** The statements of the workers on `outbox`. */
@Injectable()
export class OutboxQueue {
  constructor(private readonly connection: OutboxConnection) {}

  /**
   * Takes messages of a kind that are due, the first that waits of each recipient alone, and holds them
   * for `LEASE_SECONDS`. No two workers take the same one. One that waits for an earlier one is set aside
   * until that is settled, so that a recipient with thousands has one turn among the others, and looking
   * takes as long for a long queue as for a short one.
   */
  async take(kind: string, limit: number): Promise<Taken> {
    // An earlier one that is locked may be about to be settled: what waits for it stays due, lest it
    // be set aside just after it has been woken.
    const rows = await this.connection.query<
      { [Key in keyof TakenMessage]: TakenMessage[Key] | null } & { setAside: number | null }
    >(
      `WITH due AS MATERIALIZED (
         SELECT id, recipient, position, due_at FROM outbox
         WHERE state = 'waiting' AND due_at <= clock_timestamp() AND kind = $1
         ORDER BY due_at, position LIMIT ${LOOKED_AT} FOR UPDATE SKIP LOCKED),
       seen AS MATERIALIZED (
         SELECT due.id, due.due_at, due.position, (
           SELECT earlier.id FROM outbox AS earlier
           WHERE earlier.recipient = due.recipient AND earlier.state = 'waiting'
             AND earlier.position < due.position ORDER BY earlier.position LIMIT 1) AS first
         FROM due),
       firsts AS MATERIALIZED (
         SELECT id, due_at FROM outbox WHERE state = 'waiting'
           AND id IN (SELECT first FROM seen) FOR UPDATE SKIP LOCKED),
       set_aside AS (
         UPDATE outbox SET due_at = greatest(clock_timestamp() + ${LEASE}, firsts.due_at)
         FROM seen JOIN firsts ON firsts.id = seen.first WHERE outbox.id = seen.id RETURNING 1),
       taken AS (
         UPDATE outbox SET attempts = attempts + 1, due_at = clock_timestamp() + ${LEASE}
         WHERE id IN (SELECT id FROM seen WHERE first IS NULL ORDER BY due_at, position LIMIT $2)
         RETURNING id, kind, recipient, payload, personal, attempts)
       SELECT count(*)::integer AS "setAside", NULL::uuid AS id, NULL AS kind, NULL AS recipient,
         NULL::jsonb AS payload, NULL::jsonb AS personal, NULL::integer AS attempts FROM set_aside
       UNION ALL SELECT NULL, id, kind, recipient, payload, personal, attempts FROM taken`,
      [kind, limit],
    );
    const messages = rows.filter((row): row is TakenMessage & typeof row => row.id !== null);
    return { messages, setAside: rows.find(({ id }) => id === null)?.setAside ?? 0 };
  }

  /** Holds a message for longer; whether it was still in the hands of this worker. */
  async renew({ id, attempts }: TakenMessage): Promise<boolean> {
    const renewed = await this.connection.query(
      `UPDATE outbox SET due_at = clock_timestamp() + ${LEASE}
       WHERE id = $1 AND attempts = $2 AND state = 'waiting' RETURNING id`,
      [id, attempts],
    );
    return renewed.length === 1;
  }

  /** What is due of some kinds, and what will be: one statement, however many kinds there are. */
  async outlook(kinds: readonly string[]): Promise<Outlook> {
    const rows = await this.connection.query<{
      kind: string;
      due: boolean;
      seconds: number | null;
    }>(
      `SELECT wanted AS kind,
         EXISTS (SELECT FROM outbox
           WHERE state = 'waiting' AND kind = wanted AND due_at <= clock_timestamp()) AS due,
         (SELECT extract(epoch FROM due_at - clock_timestamp())::float8 FROM outbox
           WHERE state = 'waiting' AND kind = wanted AND due_at > clock_timestamp()
           ORDER BY due_at LIMIT 1) AS seconds
       FROM unnest($1::text[]) AS wanted`,
      [kinds],
    );
    return {
      due: rows.filter(({ due }) => due).map(({ kind }) => kind),
      nextSeconds: Math.min(...rows.map(({ seconds }) => seconds ?? Number.POSITIVE_INFINITY)),
    };
  }

  /** Only what is still in the hands of the worker that took it: a hold that has lapsed settles nothing. */
  async settle(
    { id, attempts }: TakenMessage,
    state: Exclude<OutboxState, 'waiting'>,
    error?: string,
  ): Promise<void> {
    await this.connection.query(
      `WITH settled AS (
         UPDATE outbox SET state = $3, settled_at = clock_timestamp(),
           last_error = coalesce($4, last_error),
           personal = CASE WHEN $3 = 'dead' AND personal_of IS NOT NULL THEN personal END
         WHERE id = $1 AND attempts = $2 AND state = 'waiting' RETURNING recipient, position)
       ${wakeNextOf('settled')}`,
      [id, attempts, state, error ?? null],
    );
  }

  /** Tries again after the pause, or gives up when it has been tried for a day; whether it gave up. */
  async postpone(
    { id, attempts }: TakenMessage,
    pauseSeconds: number,
    error: string,
  ): Promise<boolean> {
    const [row] = await this.connection.query<{ dead: boolean }>(
      `WITH postponed AS (
         UPDATE outbox SET last_error = $4,
           state = CASE WHEN gives_up_at <= clock_timestamp() THEN 'dead' ELSE state END,
           settled_at = CASE WHEN gives_up_at <= clock_timestamp() THEN clock_timestamp() END,
           personal = CASE WHEN personal_of IS NOT NULL OR gives_up_at > clock_timestamp()
             THEN personal END,
           due_at = least(clock_timestamp() + make_interval(secs => $3),
             greatest(gives_up_at, clock_timestamp()))
         WHERE id = $1 AND attempts = $2 AND state = 'waiting'
         RETURNING recipient, position, state = 'dead' AS dead),
       given_up AS (SELECT recipient, position FROM postponed WHERE dead),
       woken AS (${wakeNextOf('given_up')})
       SELECT dead FROM postponed`,
      [id, attempts, pauseSeconds, error],
    );
    return row?.dead === true;
  }

  /** It was no failure: the time for which it is tried begins when it may be delivered. */
  async putOff({ id, attempts }: TakenMessage, seconds: number): Promise<void> {
    await this.connection.query(
      `UPDATE outbox SET due_at = clock_timestamp() + make_interval(secs => $3),
         gives_up_at = greatest(gives_up_at, clock_timestamp() + make_interval(secs => $3) + ${TRIED_FOR})
       WHERE id = $1 AND attempts = $2 AND state = 'waiting'`,
      [id, attempts, seconds],
    );
  }

  /** How many were delivered to a recipient within the time, and when the first of them was. */
  async deliveredWithin(
    recipient: string,
    kind: string,
    seconds: number,
  ): Promise<{ count: number; firstSecondsAgo: number }> {
    const [row] = await this.connection.query<{ count: number; firstSecondsAgo: number | null }>(
      `SELECT count(*)::integer AS count,
         extract(epoch FROM clock_timestamp() - min(settled_at))::float8 AS "firstSecondsAgo"
       FROM outbox WHERE recipient = $1 AND kind = $2 AND state = 'delivered'
         AND settled_at > clock_timestamp() - make_interval(secs => $3)`,
      [recipient, kind, seconds],
    );
    return { count: row?.count ?? 0, firstSecondsAgo: row?.firstSecondsAgo ?? 0 };
  }
}

/**
 * Makes due what waits behind those that are over. It goes to the end of the line: others have waited
 * meanwhile. One that has been tried already is in somebody's hands, or has its own time.
 */
function wakeNextOf(over: string): string {
  return `UPDATE outbox SET due_at = clock_timestamp() WHERE attempts = 0 AND state = 'waiting'
    AND id IN (SELECT (
      SELECT later.id FROM outbox AS later WHERE later.recipient = ${over}.recipient
        AND later.state = 'waiting' AND later.position > ${over}.position
      ORDER BY later.position LIMIT 1) FROM ${over})`;
}
