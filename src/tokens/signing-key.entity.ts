import type { JWK } from 'jose';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JwtAlgorithm } from '../access/verification-keys.js';

/**
 * - `next`: published, not yet signing.
 * - `current`: signs. At most one.
 * - `retired`: still verifies, until its last token has expired.
 * - `revoked`: neither signs nor verifies.
 */
export type SigningKeyStatus = 'next' | 'current' | 'retired' | 'revoked';

@Entity('signing_keys')
@Index('signing_keys_one_current_idx', ['status'], { unique: true, where: "status = 'current'" })
@Check('signing_keys_algorithm_check', "algorithm IN ('ES256', 'RS256', 'PS256')")
@Check('signing_keys_status_check', "status IN ('next', 'current', 'retired', 'revoked')")
export class SigningKeyRow {
  /** The thumbprint of the public key (RFC 7638). */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'signing_keys_pkey' })
  kid!: string;

  @Column('text')
  algorithm!: Exclude<JwtAlgorithm, 'HS256'>;

  @Column('text')
  status!: SigningKeyStatus;

  @Column('jsonb', { name: 'public_jwk' })
  publicJwk!: JWK;

  @Column('bytea', { name: 'encrypted_private_key' })
  encryptedPrivateKey!: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'status_changed_at', default: () => 'clock_timestamp()' })
  statusChangedAt!: Date;
}
