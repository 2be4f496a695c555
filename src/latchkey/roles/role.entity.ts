import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { DEMANDABLE_LEVELS, type DemandableLevel } from '../access/assurance.js';
import { ROLE_NAME } from './role-name.js';

const LEVELS = DEMANDABLE_LEVELS.map((level) => `'${level}'`).join(', ');

@Entity('roles')
@Check('roles_name_form', `name ~ '${ROLE_NAME.source}'`)
@Check('roles_permissions_count', 'cardinality(permissions) <= 100')
@Check('roles_required_acr_known', `required_acr IN (${LEVELS})`)
export class Role {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'roles_pkey' })
  name!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  /** `resource:action`, `resource:*` or `*`; each once, sorted. */
  @Column('text', { array: true })
  permissions!: string[];

  /** What a session must reach to have the role; null: every session has it. */
  @Column('text', { name: 'required_acr', nullable: true })
  requiredAcr!: DemandableLevel | null;

  /** Comes with the product and cannot be deleted. */
  @Column('boolean', { name: 'built_in', default: false })
  builtIn!: boolean;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'clock_timestamp()' })
  updatedAt!: Date;
}
