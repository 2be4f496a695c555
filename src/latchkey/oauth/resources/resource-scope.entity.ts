import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** What can be done at a resource. Its name belongs to one resource: a consent to it is to that one's. */
@Entity('resource_scopes')
@Index('resource_scopes_resource_id_idx', ['resourceId'])
export class ResourceScope {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'resource_scopes_pkey' })
  name!: string;

  @ForeignKey('resources', { name: 'resource_scopes_resource_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'resource_id', type: 'uuid' })
  resourceId!: string;

  /** As the consent page says it. */
  @Column({ type: 'text' })
  description!: string;
}
