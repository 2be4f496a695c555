import { Check, Column, Entity, JoinTable, ManyToMany, PrimaryColumn } from 'typeorm';
import { Role } from '../../roles/role.entity.js';

export const CLIENT_STATUSES = ['active', 'disabled'] as const;
export type ClientStatus = (typeof CLIENT_STATUSES)[number];

/** A service that authenticates with a secret of its own (a confidential client, RFC 6749 section 2.1). */
@Entity('oauth_clients')
@Check('oauth_clients_status_check', `status IN ('active', 'disabled')`)
@Check(
  'oauth_clients_former_secret_check',
  '(former_secret_hash IS NULL) = (former_secret_until IS NULL)',
)
export class OAuthClient {
  /** A UUIDv7: `client_id`, and the `sub` of the client's own access tokens. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'oauth_clients_pkey' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', default: 'active' })
  status!: ClientStatus;

  @Column({ name: 'secret_hash', type: 'bytea', select: false })
  secretHash!: Buffer;

  /** What the secret was before, for as long as it still opens. */
  @Column({ name: 'former_secret_hash', type: 'bytea', nullable: true, select: false })
  formerSecretHash!: Buffer | null;

  @Column({ name: 'former_secret_until', type: 'timestamptz', nullable: true })
  formerSecretUntil!: Date | null;

  /** Raised whenever the tokens issued so far must go: claim `uv`. */
  @Column({ name: 'authorization_version', type: 'integer', default: 1 })
  authorizationVersion!: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
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
