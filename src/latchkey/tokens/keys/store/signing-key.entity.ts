import type { JWK } from 'jose';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JwtAlgorithm } from '../../../access/verification/verification-keys.js';

export const SIGNING_KEY_STATUSES = ['next', 'current', 'retired', 'revoked'] as const;

/**
 * - `next`: published, not yet signing. One of each purpose, so that there is always a key that verifiers know.
 * - `current`: signs. One of each purpose.
 * - `retired`: still verifies, until its last token has expired.
 * - `revoked`: neither signs nor verifies.
 */
export type SigningKeyStatus = (typeof SIGNING_KEY_STATUSES)[number];

/**
 * What a key signs. Those of `access`: access tokens, and the ID tokens and logout tokens of clients that ask for
 * their algorithm. Those of `id_token`: ID tokens and logout tokens alone. They verify no access token.
 */
export const SIGNING_KEY_PURPOSES = ['access', 'id_token'] as const;
export type SigningKeyPurpose = (typeof SIGNING_KEY_PURPOSES)[number];

/** Of a key that signs no more, only what verifies is kept, and no longer than it verifies. */
const KEEPS_PRIVATE_KEY = `CASE
  WHEN status IN ('next', 'current') THEN encrypted_private_key IS NOT NULL
  WHEN status = 'retired' AND algorithm = 'HS256' THEN true
  ELSE encrypted_private_key IS NULL END`;

@Entity('signing_keys')
@Index('signing_keys_one_current_idx', ['purpose'], { unique: true, where: "status = 'current'" })
@Index('signing_keys_one_next_idx', ['purpose'], { unique: true, where: "status = 'next'" })
@Check('signing_keys_algorithm_check', "algorithm IN ('ES256', 'RS256', 'PS256', 'HS256')")
@Check('signing_keys_purpose_check', "purpose IN ('access', 'id_token')")
@Check('signing_keys_status_check', "status IN ('next', 'current', 'retired', 'revoked')")
@Check('signing_keys_public_jwk_check', "(public_jwk IS NULL) = (algorithm = 'HS256')")
@Check('signing_keys_private_key_check', KEEPS_PRIVATE_KEY)
export class SigningKeyRow {
  /** The thumbprint of the key (RFC 7638). */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'signing_keys_pkey' })
  kid!: string;

  @Column('text')
  algorithm!: JwtAlgorithm;

  @Column('text', { default: 'access' })
  purpose!: SigningKeyPurpose;

  @Column('text')
  status!: SigningKeyStatus;

  /** Null for HS256. */
  @Column('jsonb', { name: 'public_jwk', nullable: true })
  publicJwk!: JWK | null;

  /** For HS256 the secret, which verifies as well: it is kept until its last token has expired. */
  @Column('bytea', { name: 'encrypted_private_key', nullable: true })
  encryptedPrivateKey!: Buffer | null;

  /** When it was published. */
  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'status_changed_at', default: () => 'clock_timestamp()' })
  statusChangedAt!: Date;
}
