import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A service that access tokens can be asked for (RFC 8707): its identifier is their `aud`. */
@Entity('resources')
@Unique('resources_identifier_unique', ['identifier'])
@Index('resources_client_id_idx', ['clientId'])
export class Resource {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'resources_pkey' })
  id!: string;

  /** An absolute URI without a fragment, compared to the letter. It never changes. */
  @Column('text')
  identifier!: string;

  @Column('text')
  name!: string;

  /** The client by which the service itself may introspect its tokens. */
  @ForeignKey('oauth_clients', { name: 'resources_client_id_fkey', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'client_id', nullable: true })
  clientId!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'clock_timestamp()' })
  updatedAt!: Date;
}
