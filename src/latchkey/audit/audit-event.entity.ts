import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Anomaly } from './anomalies.js';
import type { AuditAction, AuditOutcome, AuditTargetType } from './audit-action.js';

/**
 * Something that matters to security has happened. Append-only: the database refuses to change
 * one. It outlives the accounts that it names, so nothing of it is a foreign key.
 */
@Entity('audit_events')
@Index('audit_events_created_at_idx', ['createdAt'])
@Index('audit_events_actor_id_id_idx', ['actorId', 'id'])
@Index('audit_events_target_id_id_idx', ['targetId', 'id'])
@Index('audit_events_action_id_idx', ['action', 'id'])
@Index('audit_events_sign_ins_idx', ['actorId', 'id'], { where: `action = 'session.started'` })
@Index('audit_events_anomalies_idx', ['id'], { where: `anomalies <> '{}'` })
// On an expression: (details ->> 'userId'), id.
@Index('audit_events_details_user_id_idx', { synchronize: false })
@Check('audit_events_outcome_check', "outcome IN ('success', 'failure')")
@Check('audit_events_target_check', '(target_type IS NULL) = (target_id IS NULL)')
export class AuditEvent {
  /** A UUIDv7: events are listed in its order. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_events_pkey' })
  id!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('text')
  action!: AuditAction;

  @Column('text')
  outcome!: AuditOutcome;

  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId!: string | null;

  @Column('text', { name: 'target_type', nullable: true })
  targetType!: AuditTargetType | null;

  @Column('text', { name: 'target_id', nullable: true })
  targetId!: string | null;

  /** The session that the actor acted in. */
  @Column('uuid', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column('inet', { nullable: true })
  ip!: string | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent!: string | null;

  @Column('text', { name: 'request_id', nullable: true })
  requestId!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('jsonb', { default: {} })
  details!: Record<string, unknown>;

  @Column('text', { array: true, default: [] })
  anomalies!: Anomaly[];
}
