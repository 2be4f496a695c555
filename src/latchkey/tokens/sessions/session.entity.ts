import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import {
  type SessionAssurance,
  type StoredFactors,
  sessionAssurance,
} from '../assurance/session-assurance.js';
import type { StoredSessionData } from './session-data.js';
import { END_REASON_FORM, type SessionEndReason } from './session-end-reason.js';

/**
 * One sign-in on one device, and the family of its refresh tokens. A refresh changes this row and
 * adds none; no index may cover a column that a refresh changes, or it stops being a HOT update.
 */
@Entity('sessions')
@Index('sessions_user_id_id_idx', ['userId', 'id'])
@Index('sessions_unended_idx', ['id'], { where: 'ended_at IS NULL' })
@Index('sessions_ended_at_idx', ['endedAt'], { where: 'ended_at IS NOT NULL' })
@Index('sessions_client_id_idx', ['clientId'], { where: 'client_id IS NOT NULL' })
@Index('sessions_parent_id_idx', ['parentId'], { where: 'parent_id IS NOT NULL' })
@Check('sessions_generation_check', 'generation >= 0')
@Check('sessions_skipped_generations_check', 'skipped_generations >= 0')
@Check('sessions_end_reason_check', `end_reason ~ '${END_REASON_FORM}'`)
@Check('sessions_data_check', `jsonb_typeof(data) = 'object' AND octet_length(data::text) <= 2048`)
@Check('sessions_factors_check', `jsonb_typeof(factors) = 'object'`)
@Check('sessions_scope_check', '(client_id IS NULL) = (scope IS NULL)')
@Check('sessions_ended_check', '(ended_at IS NULL) = (end_reason IS NULL)')
export class Session {
  /** A UUIDv7 by the database's clock: claim `sid`. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'sessions_pkey' })
  id!: string;

  @ForeignKey('users', { name: 'sessions_user_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ name: 'family_key', type: 'bytea', select: false })
  familyKey!: Buffer;

  @Column({ type: 'integer', default: 0 })
  generation!: number;

  @Column({ name: 'grace_floor', type: 'integer', default: 0 })
  graceFloor!: number;

  @Column({ name: 'previous_grace_floor', type: 'integer', default: 0 })
  previousGraceFloor!: number;

  @Column({ name: 'grace_bucket_started_at', type: 'timestamptz' })
  graceBucketStartedAt!: Date;

  /** How many generations were issued after the one presented last, and given up for a newer one. */
  @Column({ name: 'skipped_generations', type: 'integer', default: 0 })
  skippedGenerations!: number;

  /** When the generation that was presented last was presented first, or the session began. */
  @Column({ name: 'rotated_at', type: 'timestamptz' })
  rotatedAt!: Date;

  @Column({ name: 'idle_ttl_seconds', type: 'integer' })
  idleTtlSeconds!: number;

  /** The absolute limit; the idle one counts from `lastRefreshedAt`. */
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** Whose it is, of a session at a client; null: of the sign-in itself. */
  @ForeignKey('oauth_clients', { name: 'sessions_client_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'client_id', type: 'uuid', nullable: true })
  clientId!: string | null;

  /** The session of the sign-in that it came from, as long as that is stored. It ends with it. */
  @ForeignKey('sessions', { name: 'sessions_parent_id_fkey', onDelete: 'SET NULL' })
  @Column({ name: 'parent_id', type: 'uuid', nullable: true })
  parentId!: string | null;

  /** What its user has granted the client, as OAuth writes it. */
  @Column({ type: 'text', nullable: true })
  scope!: string | null;

  /** Whom its access tokens are for; null: this API. */
  @Column({ type: 'text', nullable: true })
  audience!: string | null;

  /** How the user signed in (RFC 8176), for sessions without `factors`. */
  @Column({ type: 'text', array: true })
  amr!: string[];

  /** What has been shown in it; null: it began before this was kept, and `amr` says all there is. */
  @Column({ type: 'jsonb', nullable: true })
  factors!: StoredFactors | null;

  /** What features keep in it: see `defineSessionData`. */
  @Column({ type: 'jsonb', default: {} })
  data!: StoredSessionData;

  /** Raised whenever `data` changes: claim `sv`. */
  @Column({ name: 'data_version', type: 'integer', default: 0 })
  dataVersion!: number;

  @Column({ name: 'created_ip', type: 'inet' })
  createdIp!: string;

  @Column({ name: 'created_user_agent', type: 'text', nullable: true })
  createdUserAgent!: string | null;

  @Column({ name: 'last_ip', type: 'inet' })
  lastIp!: string;

  @Column({ name: 'last_user_agent', type: 'text', nullable: true })
  lastUserAgent!: string | null;

  /** Null also while a cutoff has ended it and retention has not written that down yet. */
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'ended_by', type: 'uuid', nullable: true })
  endedBy!: string | null;

  @Column({ name: 'end_reason', type: 'text', nullable: true })
  endReason!: SessionEndReason | null;

  get assurance(): SessionAssurance {
    return sessionAssurance(this.factors, this.amr, this.createdAt.getTime());
  }

  /** As `LAST_REFRESHED_AT_SQL` says it. */
  get lastRefreshedAt(): Date {
    const { rotatedAt, graceBucketStartedAt } = this;
    return rotatedAt > graceBucketStartedAt ? rotatedAt : graceBucketStartedAt;
  }
}
