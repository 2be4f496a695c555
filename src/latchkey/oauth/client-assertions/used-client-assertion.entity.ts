import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = { primaryKeyConstraintName: 'used_client_assertions_pkey' };

/** An assertion that a client has authenticated by. It is kept until it would have expired. */
@Entity('used_client_assertions')
@Index('used_client_assertions_expires_at_idx', ['expiresAt'])
export class UsedClientAssertion {
  @ForeignKey('oauth_clients', {
    name: 'used_client_assertions_client_id_fkey',
    onDelete: 'CASCADE',
  })
  @PrimaryColumn('uuid', { name: 'client_id', ...PRIMARY_KEY })
  clientId!: string;

  /** SHA-256 of its `jti`. */
  @PrimaryColumn('bytea', { name: 'jti_hash', ...PRIMARY_KEY })
  jtiHash!: Buffer;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
