import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { ROLE_NAME } from './role-name.js';

@Entity('roles')
@Check('roles_name_form', `name ~ '${ROLE_NAME.source}'`)
@Check('roles_permissions_count', 'cardinality(permissions) <= 100')
export class Role {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'roles_pkey' })
  name!: string;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  /** `resource:action`, `resource:*` or `*`; each once, sorted. */
  @Column({ type: 'text', array: true })
  permissions!: string[];

  /** Comes with the product and cannot be deleted. */
  @Column({ name: 'built_in', type: 'boolean', default: false })
  builtIn!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  updatedAt!: Date;
}
