import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** What is kept of a passkey besides its factor (WebAuthn Level 3 section 4, credential record). */
@Entity('passkeys')
@Unique('passkeys_credential_id_unique', ['credentialId'])
export class PasskeyRow {
  @ForeignKey('factors', { name: 'passkeys_factor_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'factor_id', primaryKeyConstraintName: 'passkeys_pkey' })
  factorId!: string;

  @Column('bytea', { name: 'credential_id' })
  credentialId!: Buffer;

  /** COSE. */
  @Column('bytea', { name: 'public_key' })
  publicKey!: Buffer;

  @Column('bigint')
  counter!: string;

  @Column('text', { array: true })
  transports!: string[];

  @Column('boolean', { name: 'backup_eligible' })
  backupEligible!: boolean;

  @Column('boolean', { name: 'backed_up' })
  backedUp!: boolean;
}

/** What authenticators know an account by: it says nothing of the person, and is no id of ours. */
@Entity('passkey_users')
@Unique('passkey_users_handle_unique', ['handle'])
export class PasskeyUser {
  @ForeignKey('users', { name: 'passkey_users_user_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'passkey_users_pkey' })
  userId!: string;

  /** 64 random bytes. */
  @Column('bytea')
  handle!: Buffer;
}
