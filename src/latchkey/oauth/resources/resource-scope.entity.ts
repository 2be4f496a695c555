import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** What can be done at a resource. Its name belongs to one resource: a consent to it is to that one's. */
@Entity('resource_scopes')
@Index('resource_scopes_resource_id_idx', ['resourceId'])
export class ResourceScope {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'resource_scopes_pkey' })
  name!: string;

  @ForeignKey('resources', { name: 'resource_scopes_resource_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'resource_id' })
  resourceId!: string;

  /** As the consent page says it. */
  @Column('text')
  description!: string;
}
