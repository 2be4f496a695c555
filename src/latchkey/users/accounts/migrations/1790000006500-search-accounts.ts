import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Any part of an address or a name is found by its trigrams. `pg_trgm` comes with Postgres and is trusted: who
 * may create objects in the database may install it. Where that is not so, there is no index, and a search reads
 * the whole table (docs/postgres.md).
 */
const INDEX_WHERE_ALLOWED = `
  DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX users_search_idx ON users
      USING gin ((email || ' ' || coalesce(name, '')) gin_trgm_ops);
  EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
    RAISE NOTICE 'There is no index by which accounts are searched: %', SQLERRM;
  END $$`;

export class SearchAccounts1790000006500 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(INDEX_WHERE_ALLOWED);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX IF EXISTS users_search_idx');
  }
}
