import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quick, whatever the number of sessions: no row is looked at, and every one meets the check. */
export class KeepShownFactors1790000004000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE sessions ADD COLUMN factors jsonb');
    await queryRunner.query(`
      ALTER TABLE sessions ADD CONSTRAINT sessions_factors_check
        CHECK (jsonb_typeof(factors) = 'object') NOT VALID`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE sessions DROP COLUMN factors');
  }
}
