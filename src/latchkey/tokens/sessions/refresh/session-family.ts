import type { SessionEndReason } from '../session-end-reason.js';
import { millisecondsSql, SESSION_ENDS_AT_SQL } from '../session-sql.js';
import { FamilyKey } from './family-key.js';
import type { RotationState } from './rotation-rule.js';

/** A session as one statement saw it; times are the database's, in milliseconds. */
export interface SessionFamily {
  readonly sessionId: string;
  readonly userId: string;
  readonly familyKey: FamilyKey;
  readonly rotation: RotationState;
  readonly createdAtMs: number;
  /** The nearer of the idle and the absolute limit. */
  readonly endsAtMs: number;
  readonly endReason: SessionEndReason | null;
  readonly amr: readonly string[];
  /** Where it was last refreshed from, or started. */
  readonly lastIp: string;
  readonly lastUserAgent: string | null;
  /** When the statement saw it. */
  readonly nowMs: number;
}

/** Columns of `sessions`, aliased `session`. */
export const FAMILY_COLUMNS = `
  session.id AS session_id, session.user_id, session.family_key, session.generation,
  session.skipped_generations, session.grace_floor, session.previous_grace_floor, session.amr,
  session.last_ip, session.last_user_agent,
  ${millisecondsSql('session.grace_bucket_started_at')} AS grace_bucket_started_at_ms,
  ${millisecondsSql('session.created_at')} AS created_at_ms,
  ${millisecondsSql('session.rotated_at')} AS rotated_at_ms,
  ${millisecondsSql(SESSION_ENDS_AT_SQL)} AS ends_at_ms`;

/** What `toFamily` reads: the columns above, the moment and why the session is over, if it is. */
export interface FamilyRow {
  session_id: string;
  user_id: string;
  family_key: Buffer;
  generation: number;
  skipped_generations: number;
  rotated_at_ms: number;
  last_ip: string;
  last_user_agent: string | null;
  grace_floor: number;
  previous_grace_floor: number;
  grace_bucket_started_at_ms: number;
  created_at_ms: number;
  ends_at_ms: number;
  end_reason: SessionEndReason | null;
  amr: string[];
  now_ms: number;
}

export function toFamily(row: FamilyRow): SessionFamily {
  return {
    sessionId: row.session_id,
    userId: row.user_id,
    familyKey: FamilyKey.fromColumn(row.family_key),
    rotation: {
      generation: row.generation,
      presented: row.generation - 1 - row.skipped_generations,
      presentedAtMs: row.rotated_at_ms,
      graceFloor: row.grace_floor,
      previousGraceFloor: row.previous_grace_floor,
      graceBucketStartedAtMs: row.grace_bucket_started_at_ms,
    },
    createdAtMs: row.created_at_ms,
    endsAtMs: row.ends_at_ms,
    endReason: row.end_reason,
    amr: row.amr,
    lastIp: row.last_ip,
    lastUserAgent: row.last_user_agent,
    nowMs: row.now_ms,
  };
}
