import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quick, whatever the number of sessions: no row is looked at, and every one meets the checks. */
export class CarrySessionData1790000002620 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE sessions
        ADD COLUMN data jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN data_version integer NOT NULL DEFAULT 0`);
    await queryRunner.query(`
      ALTER TABLE sessions ADD CONSTRAINT sessions_data_check
        CHECK (jsonb_typeof(data) = 'object' AND octet_length(data::text) <= 2048) NOT VALID`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE sessions DROP COLUMN data, DROP COLUMN data_version');
  }
}
