import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { User } from '../latchkey/index.js';

/** The code that lets a user in next; never the code itself. */
@Entity('door_codes')
export class DoorCode {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'door_codes_pkey' })
  userId!: string;

  /** For the foreign key alone: the code of a deleted account goes with it. */
  @OneToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'door_codes_user_fkey' })
  user?: User;

  @Column('bytea', { name: 'code_hash' })
  codeHash!: Buffer;

  @Column('timestamptz', { name: 'valid_until' })
  validUntil!: Date;
}
