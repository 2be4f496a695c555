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
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'identities_pkey' })
  id!: string;

  @ForeignKey('users', { name: 'identities_user_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  issuer!: string;

  @Column('text')
  subject!: string;

  /** Its id in `EXTERNAL_PROVIDERS` when it was used last: for people to read, and to filter by. */
  @Column('text')
  provider!: string;

  /** What its owner knows it by: the address that the provider named last. It proves nothing. */
  @Column('text', { nullable: true })
  email!: string | null;

  /**
   * Whether two factors shown there may count here: it has made the account, or was added in a session of two
   * factors. Else whoever has stolen a password alone would add an identity and have two.
   */
  @Column('boolean', { name: 'may_raise', default: false })
  mayRaise!: boolean;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}
