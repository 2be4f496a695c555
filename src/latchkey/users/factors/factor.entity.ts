import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

export const FACTOR_KINDS = ['totp', 'passkey', 'recovery_codes'] as const;
export type FactorKind = (typeof FACTOR_KINDS)[number];

/** Something by which the owner of an account shows who they are, beside the password. */
@Entity('factors')
@Index('factors_user_id_id_idx', ['userId', 'id'])
@Index('factors_encrypted_by_idx', ['encryptedBy'], { where: 'encrypted_by IS NOT NULL' })
@Index('factors_recovery_codes_idx', ['userId'], {
  unique: true,
  where: `kind = 'recovery_codes'`,
})
@Check('factors_encrypted_check', '(encrypted_secret IS NULL) = (encrypted_by IS NULL)')
@Check('factors_kind_check', `kind IN ('totp', 'passkey', 'recovery_codes')`)
export class FactorRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'factors_pkey' })
  id!: string;

  @ForeignKey('users', { name: 'factors_user_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  kind!: FactorKind;

  /** What its owner calls it. */
  @Column('text', { nullable: true })
  name!: string | null;

  /** The seed of a TOTP, the key that recovery codes are hashed with; of a passkey there is none. */
  @Column('bytea', { name: 'encrypted_secret', nullable: true, select: false })
  encryptedSecret!: Buffer | null;

  /** The name of the key that it is encrypted with: see `RowCipher`. */
  @Column('text', { name: 'encrypted_by', nullable: true })
  encryptedBy!: string | null;

  /** Of a TOTP: the newest step of which a code has been accepted (RFC 6238 section 5.2). */
  @Column('bigint', { name: 'last_step', nullable: true })
  lastStep!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** Null: its owner has not shown yet that they have it, and it counts for nothing. */
  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  confirmedAt!: Date | null;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}

/** One that has not been used: a use deletes it. */
@Entity('recovery_codes')
export class RecoveryCodeRow {
  @ForeignKey('factors', { name: 'recovery_codes_factor_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'factor_id', primaryKeyConstraintName: 'recovery_codes_pkey' })
  factorId!: string;

  /** HMAC-SHA-256 of the code under the key of its set. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'recovery_codes_pkey' })
  mac!: Buffer;
}

/** How many wrong codes an account has been shown, apart from everything else about it. */
@Entity('factor_failures')
@Check('factor_failures_wrong_codes_check', 'wrong_codes >= 0')
export class FactorFailures {
  @ForeignKey('users', { name: 'factor_failures_user_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'factor_failures_pkey' })
  userId!: string;

  @Column('integer', { name: 'wrong_codes' })
  wrongCodes!: number;
}
