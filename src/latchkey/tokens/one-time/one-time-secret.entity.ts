import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * A link, code or challenge that works once. Of most purposes there is one row for each subject: a newer
 * secret takes the place of the older one. The secret itself is stored nowhere: it is computed from the
 * server's secret and `key`.
 */
@Entity('one_time_secrets')
@Index('one_time_secrets_subject_idx', ['purpose', 'subject', 'createdAt'])
@Index('one_time_secrets_user_id_idx', ['userId'])
@Index('one_time_secrets_session_id_idx', ['sessionId'])
@Index('one_time_secrets_expires_at_idx', ['expiresAt'])
export class OneTimeSecret {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'one_time_secrets_pkey' })
  id!: string;

  @Column('text')
  purpose!: string;

  /** The account's id, or what stands for an address that no account has; null: about no account yet, or one of several. */
  @Column('uuid', { nullable: true })
  subject!: string | null;

  @ForeignKey('users', { name: 'one_time_secrets_user_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @ForeignKey('sessions', { name: 'one_time_secrets_session_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  /** SHA-256 of what the asking client keeps, where it is good in that client's hands alone. */
  @Column('bytea', { name: 'bound_to', nullable: true })
  boundTo!: Buffer | null;

  /** 32 random bytes. */
  @Column('bytea', { select: false })
  key!: Buffer;

  /** SHA-256 of what it was issued for. */
  @Column('bytea', { nullable: true })
  state!: Buffer | null;

  /** What its purpose has to know when it is redeemed. No secret. */
  @Column('jsonb', { default: {} })
  details!: Record<string, unknown>;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  /** When it was redeemed, or another one for the same. */
  @Column('timestamptz', { name: 'consumed_at', nullable: true })
  consumedAt!: Date | null;
}
