import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A moment in milliseconds does not fit into an integer. */
export class WidenRevocationVersions1790000000610 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE revocation_log ALTER COLUMN version TYPE bigint');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM revocation_log WHERE version > 2147483647`);
    await queryRunner.query('ALTER TABLE revocation_log ALTER COLUMN version TYPE integer');
  }
}
