import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { User } from '../latchkey/index.js';

/**
 * A number that a user has shown to be theirs: who reads its messages has the account. Write a row once
 * they have, never as somebody types it. Another number is another row, so that codes for the former one are dead.
 */
@Entity('user_phones')
@Index('user_phones_user_id_key', ['userId'], { unique: true })
@Index('user_phones_phone_key', ['phone'], { unique: true })
export class UserPhone {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'user_phones_pkey' })
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  /** For the foreign key alone: the number of a deleted account goes with it. */
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'user_phones_user_fkey' })
  user?: User;

  /** As E.164 has it: `+4915112345678`. */
  @Column('text')
  phone!: string;
}
