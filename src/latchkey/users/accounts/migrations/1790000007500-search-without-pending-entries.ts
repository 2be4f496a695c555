import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An account is entered into the index of the search when it is stored. By default Postgres sets up to 4 MB of
 * entries aside until the next vacuum, and reads them all at every search: among a million accounts that doubles its
 * time. An index that an administrator has made (docs/postgres.md) may be of another role: it stays as it is.
 */
const ENTER_AT_ONCE = `
  DO $$ BEGIN
    IF to_regclass('users_search_idx') IS NOT NULL THEN
      ALTER INDEX users_search_idx SET (fastupdate = off);
      PERFORM gin_clean_pending_list('users_search_idx');
    END IF;
  EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'The index by which accounts are searched goes on setting entries aside: %', SQLERRM;
  END $$`;

export class SearchWithoutPendingEntries1790000007500 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ENTER_AT_ONCE);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER INDEX IF EXISTS users_search_idx RESET (fastupdate)');
  }
}
