import {
  Check,
  Column,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  PrimaryColumn,
  Unique,
} from 'typeorm';
import { Role } from '../../roles/role.entity.js';

export const USER_STATUSES = ['active', 'disabled'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** An account. For features it is the target of a foreign key; what is in it they read by `Users` and `UserDirectory`. */
@Entity('users')
@Unique('users_email_key_unique', ['emailKey'])
@Check('users_status_known', `status IN ('active', 'disabled')`)
@Index('users_search_idx', { synchronize: false })
@Index('users_disabled', ['id'], { where: `status = 'disabled'` })
export class User {
  /** UUIDv7: newer accounts sort after older ones. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'users_pkey' })
  id!: string;

  /** As its owner wrote it. */
  @Column('text')
  email!: string;

  /** See `emailKey`. Collated by code point, so that its index finds prefixes too. */
  @Column({ name: 'email_key', type: 'text', collation: 'C' })
  emailKey!: string;

  @Column('boolean', { name: 'email_verified', default: false })
  emailVerified!: boolean;

  @Column('text', { nullable: true })
  name!: string | null;

  /** The language of mails to its owner; null: that of each request. */
  @Column('text', { nullable: true })
  locale!: string | null;

  @Column('text', { default: 'active' })
  status!: UserStatus;

  /** PHC form. Null: signs in by other means. Read only where it is asked for. */
  @Column('text', { name: 'password_hash', nullable: true, select: false })
  passwordHash?: string | null;

  /** Raised when the password becomes another one; hashing the same one again leaves it. */
  @Column('integer', { name: 'password_version', default: 1 })
  passwordVersion!: number;

  /** Raised whenever the user's roles change: claim `uv`. */
  @Column('integer', { name: 'authorization_version', default: 1 })
  authorizationVersion!: number;

  /** The run of `users import` that made the account. */
  @Column('uuid', { name: 'import_id', nullable: true })
  importId!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'clock_timestamp()' })
  updatedAt!: Date;

  @ManyToMany(() => Role)
  @JoinTable({
    name: 'user_roles',
    joinColumn: { name: 'user_id', referencedColumnName: 'id' },
    inverseJoinColumn: { name: 'role_name', referencedColumnName: 'name' },
    synchronize: false,
  })
  roles!: Role[];
}
