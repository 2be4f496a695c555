import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { User } from '../latchkey/index.js';

@Entity('notes')
@Index('notes_user_id_id_idx', ['userId', 'id'])
// #region full
@Index('notes_written_at_idx', ['writtenAt'])
// #endregion
export class Note {
  /** UUIDv7: newer notes sort after older ones. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'notes_pkey' })
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  /** For the foreign key alone: the notes of a deleted account go with it. */
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'notes_user_fkey' })
  user?: User;

  @Column('text')
  text!: string;

  @Column('timestamptz', { name: 'written_at', default: () => 'clock_timestamp()' })
  writtenAt!: Date;
}
