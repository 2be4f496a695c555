import type { Actor } from './actor.js';
import type { Anomaly } from './anomaly.js';
import type { AuditAction, AuditOutcome, AuditTargetType } from './audit-action.js';

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
