import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * What a provider has given for somebody, where `EXTERNAL_<ID>_KEEP_TOKENS` has it kept. It goes with its
 * identity.
 */
@Entity('identity_tokens')
@Check('identity_tokens_size', 'octet_length(encrypted_tokens) <= 32768')
@Index('identity_tokens_used_at_idx', ['usedAt'])
export class IdentityTokensRow {
  @ForeignKey('identities', { name: 'identity_tokens_identity_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', {
    name: 'identity_id',
    primaryKeyConstraintName: 'identity_tokens_pkey',
  })
  identityId!: string;

  /** `KeptTokens` as JSON: initialisation vector, tag and ciphertext (`RowCipher`), bound to the identity. */
  @Column('bytea', { name: 'encrypted_tokens' })
  encryptedTokens!: Buffer;

  /** Names the key, and tells nothing of it. */
  @Column('text', { name: 'encrypted_by' })
  encryptedBy!: string;

  /** Which of the refresh tokens it is that the provider has given one after the other. */
  @Column('integer', { default: 1 })
  version!: number;

  /** While an instance asks the provider for the next ones; it may have died since. */
  @Column('timestamptz', { name: 'refreshing_until', nullable: true })
  refreshingUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** To a day: when a feature asked for them, or they came from the provider. */
  @Column('timestamptz', { name: 'used_at', default: () => 'clock_timestamp()' })
  usedAt!: Date;
}
