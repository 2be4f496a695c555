import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** What a user has said a client may do. Withdrawn, it is not there any more. */
@Entity('consents')
@Index('consents_client_id_idx', ['clientId'])
export class Consent {
  @ForeignKey('users', { name: 'consents_user_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'consents_pkey' })
  userId!: string;

  @ForeignKey('oauth_clients', { name: 'consents_client_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'client_id', primaryKeyConstraintName: 'consents_pkey' })
  clientId!: string;

  /** All that has been granted so far. */
  @Column('text', { array: true })
  scopes!: string[];

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'clock_timestamp()' })
  updatedAt!: Date;
}
