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
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'factors_pkey' })
  id!: string;

  @ForeignKey('users', { name: 'factors_user_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ type: 'text' })
  kind!: FactorKind;

  /** What its owner calls it. */
  @Column({ type: 'text', nullable: true })
  name!: string | null;

  /** The seed of a TOTP, the key that recovery codes are hashed with; of a passkey there is none. */
  @Column({ name: 'encrypted_secret', type: 'bytea', nullable: true, select: false })
  encryptedSecret!: Buffer | null;

  /** The name of the key that it is encrypted with: see `RowCipher`. */
  @Column({ name: 'encrypted_by', type: 'text', nullable: true })
  encryptedBy!: string | null;

  /** Of a TOTP: the newest step of which a code has been accepted (RFC 6238 section 5.2). */
  @Column({ name: 'last_step', type: 'bigint', nullable: true })
  lastStep!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** Null: its owner has not shown yet that they have it, and it counts for nothing. */
  @Column({ name: 'confirmed_at', type: 'timestamptz', nullable: true })
  confirmedAt!: Date | null;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;
}

/** One that has not been used: a use deletes it. */
@Entity('recovery_codes')
export class RecoveryCodeRow {
  @ForeignKey('factors', { name: 'recovery_codes_factor_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({
    name: 'factor_id',
    type: 'uuid',
    primaryKeyConstraintName: 'recovery_codes_pkey',
  })
  factorId!: string;

  /** HMAC-SHA-256 of the code under the key of its set. */
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'recovery_codes_pkey' })
  mac!: Buffer;
}

/** How many wrong codes an account has been shown, apart from everything else about it. */
@Entity('factor_failures')
@Check('factor_failures_wrong_codes_check', 'wrong_codes >= 0')
export class FactorFailures {
  @ForeignKey('users', { name: 'factor_failures_user_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({
    name: 'user_id',
    type: 'uuid',
    primaryKeyConstraintName: 'factor_failures_pkey',
  })
  userId!: string;

  @Column({ name: 'wrong_codes', type: 'integer' })
  wrongCodes!: number;
}
