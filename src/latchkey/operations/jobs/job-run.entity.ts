import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a job last began: all instances go by it. */
@Entity('scheduled_jobs')
export class JobRun {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'scheduled_jobs_pkey' })
  name!: string;

  @Column('timestamptz', { name: 'ran_at' })
  ranAt!: Date;
}
