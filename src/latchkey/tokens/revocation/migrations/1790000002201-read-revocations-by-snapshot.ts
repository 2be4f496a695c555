import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A row says which transaction wrote it, so that a reader can tell what a former snapshot did not
 * show. Beside the log it is kept how often everything has been published to Redis, and the latest
 * time there was: the log's times never go back.
 */
export class ReadRevocationsBySnapshot1790000002201 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE revocation_log ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()',
    );
    await queryRunner.query('CREATE INDEX revocation_log_xid_idx ON revocation_log (xid)');
    await queryRunner.query(`
      CREATE TABLE revocation_progress (
        epoch bigint NOT NULL DEFAULT 0,
        latest_at timestamptz NOT NULL DEFAULT 'epoch',
        trimmed_from timestamptz NOT NULL DEFAULT 'epoch',
        single_row boolean NOT NULL DEFAULT true,
        CONSTRAINT revocation_progress_pkey PRIMARY KEY (single_row),
        CONSTRAINT revocation_progress_single_row_check CHECK (single_row)
      )`);
    await queryRunner.query('INSERT INTO revocation_progress DEFAULT VALUES');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE revocation_progress');
    await queryRunner.query('ALTER TABLE revocation_log DROP COLUMN xid');
  }
}
