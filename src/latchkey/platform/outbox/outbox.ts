import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

/** What workers listen on, for the kinds of new messages. */
export const OUTBOX_CHANNEL = 'latchkey_outbox';
/** For how long a message is tried. */
export const TRIED_FOR = `interval '24 hours'`;

export interface OutgoingMessage {
  /** Of the `OutboxHandler` that delivers it. */
  readonly kind: string;
  /** Those of one recipient are delivered one after the other, in the order in which they were put in. */
  readonly recipient: string;
  /** JSON, without any secret: it is kept for days, and shown to admins. */
  readonly payload: Readonly<Record<string, unknown>>;
  /**
   * What else delivering it takes, of a person: shown to nobody, and erased once it has been told and with
   * the account. Of an account that is being deleted (null) it is erased also when it is given up.
   */
  readonly personal?: {
    readonly userId: string | null;
    readonly data: Readonly<Record<string, unknown>>;
  };
  /** Tried for as long as it takes, instead of a day: what must not be given up. */
  readonly untilDelivered?: boolean;
}

/** Where a change leaves what must be told because of it. */
@Injectable()
export class Outbox {
  /**
   * Puts a message in, in the caller's transaction: it is delivered if that commits, however often a
   * process dies on the way, and never if it does not. Workers hear of it at the commit.
   */
  async put(manager: EntityManager, message: OutgoingMessage): Promise<void> {
    const { kind, recipient, payload, personal, untilDelivered = false } = message;
    await manager.query(
      `WITH put AS (
         INSERT INTO outbox (id, kind, recipient, payload, personal_of, personal, gives_up_at)
         VALUES ($1, $2, $3, $4, $5, $6,
           CASE WHEN $7 THEN 'infinity' ELSE clock_timestamp() + ${TRIED_FOR} END) RETURNING id)
       SELECT pg_notify('${OUTBOX_CHANNEL}', $2) FROM put`,
      [
        uuidv7(),
        kind,
        recipient,
        JSON.stringify(payload),
        personal?.userId ?? null,
        personal === undefined ? null : JSON.stringify(personal.data),
        untilDelivered,
      ],
    );
  }

  /** The same for many in one statement, in their order. They hold nothing personal. */
  async putAll(
    manager: EntityManager,
    messages: readonly Pick<OutgoingMessage, 'kind' | 'recipient' | 'payload'>[],
  ): Promise<void> {
    if (messages.length === 0) return;
    const rows = messages.map(({ kind, recipient, payload }) => {
      return { id: uuidv7(), kind, recipient, payload };
    });
    await manager.query(
      `WITH put AS (
         INSERT INTO outbox (id, kind, recipient, payload, gives_up_at)
         SELECT id, kind, recipient, payload, clock_timestamp() + ${TRIED_FOR}
         FROM jsonb_to_recordset($1::jsonb) AS put (id uuid, kind text, recipient text, payload jsonb)
         RETURNING kind)
       SELECT pg_notify('${OUTBOX_CHANNEL}', kind) FROM (SELECT DISTINCT kind FROM put) AS kinds`,
      [JSON.stringify(rows)],
    );
  }

  /** Erases what messages hold of somebody, in the transaction that deletes the account. */
  async forget(manager: EntityManager, userId: string): Promise<void> {
    await manager.query(
      'UPDATE outbox SET personal = NULL WHERE personal_of = $1 AND personal IS NOT NULL',
      [userId],
    );
  }
}
