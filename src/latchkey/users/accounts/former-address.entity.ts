import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * An address that an account may take back: until then no other account can have it. Otherwise a thief
 * who has changed the address of an account would only have to register the former one.
 */
@Entity('former_addresses')
@Index('former_addresses_user_id_idx', ['userId'])
@Index('former_addresses_reserved_until_idx', ['reservedUntil'])
export class FormerAddress {
  /** See `emailKey`. */
  @PrimaryColumn('text', {
    name: 'email_key',
    collation: 'C',
    primaryKeyConstraintName: 'former_addresses_pkey',
  })
  emailKey!: string;

  @ForeignKey('users', { name: 'former_addresses_user_id_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('timestamptz', { name: 'reserved_until' })
  reservedUntil!: Date;
}
