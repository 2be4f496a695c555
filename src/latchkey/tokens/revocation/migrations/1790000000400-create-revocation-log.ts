import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRevocationLog1790000000400 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE revocation_log (
        id bigint GENERATED ALWAYS AS IDENTITY,
        kind text NOT NULL,
        subject text NOT NULL,
        version integer,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT revocation_log_pkey PRIMARY KEY (id)
      )`);
    await queryRunner.query(
      'CREATE INDEX revocation_log_expires_at_idx ON revocation_log (expires_at)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE revocation_log');
  }
}
