import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** What is kept of a passkey besides its factor (WebAuthn Level 3 section 4, credential record). */
@Entity('passkeys')
@Unique('passkeys_credential_id_unique', ['credentialId'])
export class PasskeyRow {
  @ForeignKey('factors', { name: 'passkeys_factor_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'factor_id', type: 'uuid', primaryKeyConstraintName: 'passkeys_pkey' })
  factorId!: string;

  @Column({ name: 'credential_id', type: 'bytea' })
  credentialId!: Buffer;

  /** COSE. */
  @Column({ name: 'public_key', type: 'bytea' })
  publicKey!: Buffer;

  @Column({ type: 'bigint' })
  counter!: string;

  @Column({ type: 'text', array: true })
  transports!: string[];

  @Column({ name: 'backup_eligible', type: 'boolean' })
  backupEligible!: boolean;

  @Column({ name: 'backed_up', type: 'boolean' })
  backedUp!: boolean;
}

/** What authenticators know an account by: it says nothing of the person, and is no id of ours. */
@Entity('passkey_users')
@Unique('passkey_users_handle_unique', ['handle'])
export class PasskeyUser {
  @ForeignKey('users', { name: 'passkey_users_user_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'passkey_users_pkey' })
  userId!: string;

  /** 64 random bytes. */
  @Column({ type: 'bytea' })
  handle!: Buffer;
}
