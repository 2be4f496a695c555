import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { takeLockOf } from '../platform/database/advisory-locks.js';
import { hideMailboxes } from '../platform/http/validation/hide-mailboxes.js';
import { plainText } from '../platform/http/validation/plain-text.js';
import { AN_HOUR_AGO, type Anomaly, anomaliesSql } from './anomalies.js';
import type { AuditAction } from './audit-action.js';
import { DurableEvents } from './durable-events.js';
import { EventAnnouncer } from './event-announcer.js';
import type { RecordedEvent } from './recorded-event.js';

const MAX_TEXT_LENGTH = 1_000;

/** Writes down what happened: when, who, where from, what (ASVS 16.2.1). */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly announcer: EventAnnouncer,
    private readonly durable: DurableEvents,
  ) {}

  /**
   * Records an event in the caller's transaction: it is there exactly if the change is. Text is
   * kept on one line and cut at 1,000 characters, and names no mailbox: an address becomes `[address]`. What is worth an admin's eye is marked in the
   * same statement. Listeners hear of it after the commit.
   */
  async record(manager: EntityManager, event: RecordedEvent): Promise<void> {
    await this.recordAndMark(manager, event);
  }

  /** The same; returns what is worth an admin's eye about it. */
  async recordAndMark(manager: EntityManager, event: RecordedEvent): Promise<readonly Anomaly[]> {
    const { action, outcome = 'success', actor, target, reason, details = {} } = event;
    const { anomalies = [] } = event;
    const rows = await manager.query<{ anomalies: Anomaly[] }[]>(insertSql(action), [
      uuidv7(),
      action,
      outcome,
      actor.userId,
      target?.type ?? null,
      target === undefined ? null : withoutAddresses(target.id),
      actor.sessionId,
      actor.ip,
      actor.userAgent,
      actor.requestId,
      reason === undefined ? null : withoutAddresses(reason),
      JSON.stringify(details, plainly),
      anomalies,
    ]);
    const announced = { ...event, anomalies: rows[0]?.anomalies ?? [] };
    await this.durable.put(manager, announced);
    this.announcer.announce(manager, announced);
    return announced.anomalies;
  }

  /**
   * The same, but nothing when an event of that action and with those anomalies has been recorded
   * of its target within the hour: for what somebody may repeat as often as they like.
   *
   * @param manager of a transaction: it is what two who record at once wait for
   */
  async recordOnceAnHour(
    manager: EntityManager,
    event: RecordedEvent & Required<Pick<RecordedEvent, 'target' | 'anomalies'>>,
  ): Promise<void> {
    const { action, target, anomalies } = event;
    await takeLockOf(manager, target.id);
    const like = await manager.query<unknown[]>(LIKE_WITHIN_THE_HOUR, [
      target.id,
      action,
      anomalies,
    ]);
    if (like.length === 0) await this.record(manager, event);
  }
}

const LIKE_WITHIN_THE_HOUR = `
  SELECT FROM audit_events
  WHERE target_id = $1 AND id > ${AN_HOUR_AGO} AND action = $2 AND anomalies = $3::text[]
  LIMIT 1`;

function insertSql(action: AuditAction): string {
  const inserted = { actorId: '$4::uuid', ip: '$8::inet', userAgent: '$9::text' };
  return `
    INSERT INTO audit_events (id, action, outcome, actor_id, target_type, target_id,
      session_id, ip, user_agent, request_id, reason, details, anomalies)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 
      $13::text[] || ${anomaliesSql(action, inserted)})
    RETURNING anomalies`;
}

/** What an account is called outlives it nowhere: docs/adr/0030-the-audit-trail-names-no-mailbox.md. */
function withoutAddresses(text: string): string {
  return hideMailboxes(plainText(text, MAX_TEXT_LENGTH), '[address]');
}

function plainly(_: string, value: unknown): unknown {
  return typeof value === 'string' ? withoutAddresses(value) : value;
}
