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

  /** Whose it is, of a session at a client; null: of the sign-in itself. */
  @ForeignKey('oauth_clients', { name: 'sessions_client_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'client_id', nullable: true })
  clientId!: string | null;

  /** The session of the sign-in that it came from, as long as that is stored. It ends with it. */
  @ForeignKey('sessions', { name: 'sessions_parent_id_fkey', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId!: string | null;

  /** What its user has granted the client, as OAuth writes it. */
  @Column('text', { nullable: true })
  scope!: string | null;

  /** Whom its access tokens are for; null: this API. */
  @Column('text', { nullable: true })
  audience!: string | null;

  /** How the user signed in (RFC 8176), for sessions without `factors`. */
  @Column('text', { array: true })
  amr!: string[];

  /** What has been shown in it; null: it began before this was kept, and `amr` says all there is. */
  @Column('jsonb', { nullable: true })
  factors!: StoredFactors | null;

  /** What features keep in it: see `defineSessionData`. */
  @Column('jsonb', { default: {} })
  data!: StoredSessionData;

  /** Raised whenever `data` changes: claim `sv`. */
  @Column('integer', { name: 'data_version', default: 0 })
  dataVersion!: number;

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

  get assurance(): SessionAssurance {
    return sessionAssurance(this.factors, this.amr, this.createdAt.getTime());
  }

  /** As `LAST_REFRESHED_AT_SQL` says it. */
  get lastRefreshedAt(): Date {
    const { rotatedAt, graceBucketStartedAt } = this;
    return rotatedAt > graceBucketStartedAt ? rotatedAt : graceBucketStartedAt;
  }
}
