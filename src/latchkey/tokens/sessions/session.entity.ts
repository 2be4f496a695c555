import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { END_REASON_FORM, type SessionEndReason } from './session-end-reason.js';

/**
 * One sign-in on one device, and the family of its refresh tokens. A refresh changes this row and
 * adds none; no index may cover a column that a refresh changes, or it stops being a HOT update.
 */
@Entity('sessions')
@Index('sessions_user_id_id_idx', ['userId', 'id'])
@Index('sessions_unended_idx', ['id'], { where: 'ended_at IS NULL' })
@Index('sessions_ended_at_idx', ['endedAt'], { where: 'ended_at IS NOT NULL' })
@Check('sessions_generation_check', 'generation >= 0')
@Check('sessions_skipped_generations_check', 'skipped_generations >= 0')
@Check('sessions_end_reason_check', `end_reason ~ '${END_REASON_FORM}'`)
@Check('sessions_ended_check', '(ended_at IS NULL) = (end_reason IS NULL)')
export class Session {
  /** A UUIDv7 by the database's clock: claim `sid`. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sessions_pkey' })
  id!: string;

  @ForeignKey('users', { name: 'sessions_user_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('bytea', { name: 'family_key', select: false })
  familyKey!: Buffer;

  @Column('integer', { default: 0 })
  generation!: number;

  @Column('integer', { name: 'grace_floor', default: 0 })
  graceFloor!: number;

  @Column('integer', { name: 'previous_grace_floor', default: 0 })
  previousGraceFloor!: number;

  @Column('timestamptz', { name: 'grace_bucket_started_at' })
  graceBucketStartedAt!: Date;

  /** How many generations were issued after the one presented last, and given up for a newer one. */
  @Column('integer', { name: 'skipped_generations', default: 0 })
  skippedGenerations!: number;

  /** When the generation that was presented last was presented first, or the session began. */
  @Column('timestamptz', { name: 'rotated_at' })
  rotatedAt!: Date;

  @Column('integer', { name: 'idle_ttl_seconds' })
  idleTtlSeconds!: number;

  /** The absolute limit; the idle one counts from `lastRefreshedAt`. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** How the user signed in (RFC 8176). */
  @Column('text', { array: true })
  amr!: string[];

  @Column('inet', { name: 'created_ip' })
  createdIp!: string;

  @Column('text', { name: 'created_user_agent', nullable: true })
  createdUserAgent!: string | null;

  @Column('inet', { name: 'last_ip' })
  lastIp!: string;

  @Column('text', { name: 'last_user_agent', nullable: true })
  lastUserAgent!: string | null;

  /** Null also while a cutoff has ended it and retention has not written that down yet. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('uuid', { name: 'ended_by', nullable: true })
  endedBy!: string | null;

  @Column('text', { name: 'end_reason', nullable: true })
  endReason!: SessionEndReason | null;

  /** As `LAST_REFRESHED_AT_SQL` says it. */
  get lastRefreshedAt(): Date {
    const { rotatedAt, graceBucketStartedAt } = this;
    return rotatedAt > graceBucketStartedAt ? rotatedAt : graceBucketStartedAt;
  }
}
