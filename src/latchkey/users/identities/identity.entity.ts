import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * That somebody is known elsewhere, and may sign in by it. It is known by its issuer and the subject there
 * (OpenID Connect Core section 5.7): never by an address, or by what a provider is called in the settings.
 */
@Entity('identities')
@Unique('identities_issuer_subject_unique', ['issuer', 'subject'])
@Index('identities_user_id_idx', ['userId'])
@Index('identities_provider_idx', ['provider', 'userId'])
export class IdentityRow {
  /** UUIDv7. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'identities_pkey' })
  id!: string;

  @ForeignKey('users', { name: 'identities_user_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ type: 'text' })
  issuer!: string;

  @Column({ type: 'text' })
  subject!: string;

  /** Its id in `EXTERNAL_PROVIDERS` when it was used last: for people to read, and to filter by. */
  @Column({ type: 'text' })
  provider!: string;

  /** What its owner knows it by: the address that the provider named last. It proves nothing. */
  @Column({ type: 'text', nullable: true })
  email!: string | null;

  /**
   * Whether two factors shown there may count here: it has made the account, or was added in a session of two
   * factors. Else whoever has stolen a password alone would add an identity and have two.
   */
  @Column({ name: 'may_raise', type: 'boolean', default: false })
  mayRaise!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;
}
