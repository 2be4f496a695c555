import type { Actor } from './actor.js';
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
}
