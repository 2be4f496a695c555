import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** What a client got that asked for a secret: with it, and no other, its wrong codes count. */
@Entity('one_time_tickets')
@Index('one_time_tickets_secret_id_idx', ['secretId'])
@Check('one_time_tickets_tries_left_check', 'tries_left >= 0')
export class OneTimeTicket {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'one_time_tickets_pkey' })
  id!: string;

  @ForeignKey('one_time_secrets', {
    name: 'one_time_tickets_secret_id_fkey',
    onDelete: 'CASCADE',
  })
  @Column('uuid', { name: 'secret_id' })
  secretId!: string;

  /** How many wrong codes it still bears. */
  @Column('smallint', { name: 'tries_left' })
  triesLeft!: number;
}
