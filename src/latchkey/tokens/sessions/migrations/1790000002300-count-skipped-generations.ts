import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A count and not the generation that was presented last: right for every session that there is,
 * without a look at any of them, and also while processes of the version before still rotate.
 */
export class CountSkippedGenerations1790000002300 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE sessions ADD COLUMN skipped_generations integer NOT NULL DEFAULT 0
        CONSTRAINT sessions_skipped_generations_check CHECK (skipped_generations >= 0)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE sessions DROP COLUMN skipped_generations');
  }
}
