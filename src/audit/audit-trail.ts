import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from './actor.js';
import type { AuditAction, AuditOutcome, AuditTargetType } from './audit-action.js';
import { plainText } from './plain-text.js';

const MAX_TEXT_LENGTH = 1_000;

/** Never holds a password, a token, a cookie or a key. */
export interface RecordedEvent {
  readonly action: AuditAction;
  /** `success` unless said otherwise. */
  readonly outcome?: AuditOutcome;
  readonly actor: Actor;
  readonly target?: { readonly type: AuditTargetType; readonly id: string };
  readonly reason?: string;
  readonly details?: Record<string, unknown>;
}

/** Writes down what happened: when, who, where from, what (ASVS 16.2.1). */
@Injectable()
export class AuditTrail {
  /**
   * Records an event in the caller's transaction: it is there exactly if the change is. Text is
   * kept on one line and cut at 1,000 characters.
   */
  async record(manager: EntityManager, event: RecordedEvent): Promise<void> {
    const { action, outcome = 'success', actor, target, reason, details = {} } = event;
    await manager.query(
      `INSERT INTO audit_events (id, action, outcome, actor_id, target_type, target_id,
         session_id, ip, user_agent, request_id, reason, details)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        uuidv7(),
        action,
        outcome,
        actor.userId,
        target?.type ?? null,
        target?.id ?? null,
        actor.sessionId,
        actor.ip,
        actor.userAgent,
        actor.requestId,
        reason === undefined ? null : plainText(reason, MAX_TEXT_LENGTH),
        JSON.stringify(details, plainly),
      ],
    );
  }
}

function plainly(_: string, value: unknown): unknown {
  return typeof value === 'string' ? plainText(value, MAX_TEXT_LENGTH) : value;
}
