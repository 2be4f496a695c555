import { Check, Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

/**
 * `waiting`: to be delivered, now or at its next try. `delivered`, or `dropped` since there was nothing
 * left to say. `dead`: given up, until an admin sends it again.
 */
export const OUTBOX_STATES = ['waiting', 'delivered', 'dropped', 'dead'] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** Something that must be told once what caused it has been committed. Holds no secret. */
@Entity('outbox')
@Index('outbox_dead_idx', ['id'], { where: `state = 'dead'` })
@Index('outbox_due_idx', ['kind', 'dueAt', 'position'], { where: `state = 'waiting'` })
@Index('outbox_waiting_idx', ['recipient', 'position'], { where: `state = 'waiting'` })
@Index('outbox_delivered_idx', ['recipient', 'settledAt'], { where: `state = 'delivered'` })
@Index('outbox_personal_of_idx', ['personalOf'], { where: 'personal IS NOT NULL' })
@Index('outbox_settled_idx', ['settledAt'], { where: 'settled_at IS NOT NULL' })
@Check('outbox_state_check', `state IN (${OUTBOX_STATES.map((state) => `'${state}'`).join(', ')})`)
@Check('outbox_settled_check', `(state = 'waiting') = (settled_at IS NULL)`)
export class OutboxMessage {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'outbox_pkey' })
  id!: string;

  /** In which order messages were put in; those of one recipient are delivered in it. */
  @Generated('increment')
  @Column('bigint')
  position!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  recipient!: string;

  @Column('jsonb')
  payload!: Record<string, unknown>;

  /** The account that `personal` is about; null: one that is gone. */
  @Column('uuid', { name: 'personal_of', nullable: true })
  personalOf!: string | null;

  /** Erased when the message has been told, and with the account. */
  @Column('jsonb', { nullable: true })
  personal!: Record<string, unknown> | null;

  @Column('text', { default: 'waiting' })
  state!: OutboxState;

  @Column('integer', { default: 0 })
  attempts!: number;

  /** When it may be taken: the next try, or the end of the lease of the worker that is at it. */
  @Column('timestamptz', { name: 'due_at', default: () => 'clock_timestamp()' })
  dueAt!: Date;

  /** A try that fails after it is the last. */
  @Column('timestamptz', { name: 'gives_up_at' })
  givesUpAt!: Date;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt!: Date | null;

  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;
}
