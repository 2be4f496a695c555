import { Check, Column, Entity, Index, JoinTable, ManyToMany, PrimaryColumn } from 'typeorm';
import { Role } from '../../roles/role.entity.js';
import type { IdTokenAlgorithm } from '../id-tokens/id-token-algorithm.js';
import type { PublicJwks } from './public-jwks.js';

export const CLIENT_STATUSES = ['active', 'disabled'] as const;
export type ClientStatus = (typeof CLIENT_STATUSES)[number];

/** Whether it can keep a secret (RFC 6749 section 2.1). */
export const CLIENT_TYPES = ['confidential', 'public'] as const;
export type ClientType = (typeof CLIENT_TYPES)[number];

/**
 * A service that acts for itself, an app that people sign in at, or both. A confidential one authenticates with a
 * secret or with keys of its own; a public one, which runs where its users could read one, has none.
 */
@Entity('oauth_clients')
@Check('oauth_clients_status_check', `status IN ('active', 'disabled')`)
@Check('oauth_clients_type_check', `type IN ('confidential', 'public')`)
@Check(
  'oauth_clients_secret_hash_check',
  `(type = 'public' OR jwks IS NOT NULL) = (secret_hash IS NULL)`,
)
@Check('oauth_clients_jwks_check', `type = 'confidential' OR jwks IS NULL`)
@Check(
  'oauth_clients_id_token_alg_check',
  `id_token_signed_response_alg IN ('RS256', 'ES256', 'PS256')`,
)
@Check('oauth_clients_metadata_uri_check', `metadata_uri IS NULL OR type = 'public'`)
@Check(
  'oauth_clients_self_registered_check',
  `NOT self_registered OR (type = 'public' AND NOT first_party)`,
)
@Index('oauth_clients_self_registered_idx', ['id'], { where: 'self_registered' })
@Check(
  'oauth_clients_former_secret_check',
  '(former_secret_hash IS NULL) = (former_secret_until IS NULL)',
)
export class OAuthClient {
  /** A UUIDv7, or made of `metadataUri`: `client_id`, and the `sub` of the client's own access tokens. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'oauth_clients_pkey' })
  id!: string;

  @Column('text')
  name!: string;

  /** Where it says who it is, which is its `client_id` then; null for one that somebody has registered. */
  @Column('text', { name: 'metadata_uri', nullable: true })
  metadataUri!: string | null;

  /** Nobody else has registered it, and what it says of itself is a stranger's word. */
  @Column('boolean', { name: 'self_registered', default: false })
  selfRegistered!: boolean;

  @Column('text', { default: 'active' })
  status!: ClientStatus;

  @Column('text', { default: 'confidential' })
  type!: ClientType;

  /** Where its users may be sent back to with an answer: compared to the letter. */
  @Column('text', { name: 'redirect_uris', array: true, default: {} })
  redirectUris!: string[];

  /** Where they may be sent to after signing out. */
  @Column('text', { name: 'post_logout_redirect_uris', array: true, default: {} })
  postLogoutRedirectUris!: string[];

  /** Where it is told that a session at it is over; null: it is not told. */
  @Column('text', { name: 'backchannel_logout_uri', nullable: true })
  backchannelLogoutUri!: string | null;

  /** What its ID tokens and logout tokens are signed by. */
  @Column('text', { name: 'id_token_signed_response_alg', default: 'RS256' })
  idTokenSignedResponseAlg!: IdTokenAlgorithm;

  /** The product's own: nobody is asked for consent, and its tokens are for this API. */
  @Column('boolean', { name: 'first_party', default: false })
  firstParty!: boolean;

  /** What it may ask of its users. */
  @Column('text', { array: true, default: {} })
  scopes!: string[];

  /** Whether it may sign people in who use another device (RFC 8628). */
  @Column('boolean', { name: 'device_flow', default: false })
  deviceFlow!: boolean;

  /** Whether it has to push its requests (RFC 9126). */
  @Column('boolean', { name: 'require_pushed_authorization_requests', default: false })
  requirePushedAuthorizationRequests!: boolean;

  /** The keys that it authenticates by, in place of a secret; null: it has none. */
  @Column('jsonb', { nullable: true })
  jwks!: PublicJwks | null;

  /** Null for a public one, and for one with keys. */
  @Column('bytea', { name: 'secret_hash', nullable: true, select: false })
  secretHash!: Buffer | null;

  /** What the secret was before, for as long as it still opens. */
  @Column('bytea', { name: 'former_secret_hash', nullable: true, select: false })
  formerSecretHash!: Buffer | null;

  @Column('timestamptz', { name: 'former_secret_until', nullable: true })
  formerSecretUntil!: Date | null;

  /** Raised whenever the tokens issued so far must go: claim `uv`. */
  @Column('integer', { name: 'authorization_version', default: 1 })
  authorizationVersion!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'clock_timestamp()' })
  updatedAt!: Date;

  @ManyToMany(() => Role)
  @JoinTable({
    name: 'oauth_client_roles',
    joinColumn: { name: 'client_id', referencedColumnName: 'id' },
    inverseJoinColumn: { name: 'role_name', referencedColumnName: 'name' },
    synchronize: false,
  })
  roles!: Role[];
}
