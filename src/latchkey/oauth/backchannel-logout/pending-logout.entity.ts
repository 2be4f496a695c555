import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A session whose client is to be told when it ends. It refers to nothing: session, account and client may be gone
 * when it is told.
 */
@Entity('pending_logouts')
@Index('pending_logouts_look_at_idx', ['lookAt'])
@Index('pending_logouts_user_id_idx', ['userId'])
@Index('pending_logouts_client_id_idx', ['clientId'])
export class PendingLogout {
  /** Of the session at the client. */
  @PrimaryColumn('uuid', { name: 'session_id', primaryKeyConstraintName: 'pending_logouts_pkey' })
  sessionId!: string;

  @Column('uuid', { name: 'client_id' })
  clientId!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  /** Where the client is told. */
  @Column('text')
  uri!: string;

  /** When it may be over by itself: not before then is it looked at, unless something ends it. */
  @Column('timestamptz', { name: 'look_at' })
  lookAt!: Date;
}
