import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateScheduledJobs1790000003100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE scheduled_jobs (
        name text CONSTRAINT scheduled_jobs_pkey PRIMARY KEY,
        ran_at timestamptz NOT NULL
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE scheduled_jobs');
  }
}
