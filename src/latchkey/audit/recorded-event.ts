import { type Actor } from './actor.js';
import { type Anomaly } from './anomalies.js';
import { type AuditAction, type AuditOutcome, type AuditTargetType } from './audit-action.js';

/** Never holds a password, a token, a cookie or a key. */
export interface RecordedEvent {
  readonly action: AuditAction;
  /** `success` unless said otherwise. */
  readonly outcome?: AuditOutcome;
  readonly actor: Actor;
  readonly target?: { readonly type: AuditTargetType; readonly id: string };
  readonly reason?: string;
  readonly details?: Record<string, unknown>;
  /** What the caller knows of it; others are found when it is recorded. */
  readonly anomalies?: readonly Anomaly[];
}

/** What listeners hear of an event, once it is committed. */
export interface AnnouncedEvent extends RecordedEvent {
  readonly anomalies: readonly Anomaly[];
}
