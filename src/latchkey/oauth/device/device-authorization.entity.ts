import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

export type DeviceAuthorizationStatus = 'pending' | 'allowed' | 'denied';

/** A device that waits for its owner to say yes somewhere else (RFC 8628). Its device code is a one-time secret. */
@Entity('device_authorizations')
@Unique('device_authorizations_user_code_hash_unique', ['userCodeHash'])
@Index('device_authorizations_client_id_idx', ['clientId'])
@Index('device_authorizations_user_id_idx', ['userId'])
@Index('device_authorizations_session_id_idx', ['sessionId'])
@Index('device_authorizations_expires_at_idx', ['expiresAt'])
@Check('device_authorizations_status_check', `status IN ('pending', 'allowed', 'denied')`)
@Check(
  'device_authorizations_allowed_check',
  `(status = 'allowed') = (user_id IS NOT NULL AND session_id IS NOT NULL)`,
)
export class DeviceAuthorization {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'device_authorizations_pkey' })
  id!: string;

  /** HMAC of what people type. */
  @Column('bytea', { name: 'user_code_hash' })
  userCodeHash!: Buffer;

  @ForeignKey('oauth_clients', {
    name: 'device_authorizations_client_id_fkey',
    onDelete: 'CASCADE',
  })
  @Column('uuid', { name: 'client_id' })
  clientId!: string;

  /** What is asked for, as OAuth writes it. */
  @Column('text')
  scope!: string;

  /** Whom the access tokens are to be for; null: this API. */
  @Column('text', { nullable: true })
  audience!: string | null;

  @Column('text', { default: 'pending' })
  status!: DeviceAuthorizationStatus;

  /** Who has said yes. */
  @ForeignKey('users', { name: 'device_authorizations_user_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  /** In which session of a sign-in. */
  @ForeignKey('sessions', { name: 'device_authorizations_session_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  /** How long the device has to wait between two questions. */
  @Column('integer', { name: 'interval_seconds' })
  intervalSeconds!: number;

  @Column('timestamptz', { name: 'polled_at', nullable: true })
  polledAt!: Date | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
