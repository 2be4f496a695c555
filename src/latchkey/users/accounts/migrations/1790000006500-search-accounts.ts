import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Any part of an address or a name is found by its trigrams. `pg_trgm` comes with Postgres and is trusted: who
 * may create objects in the database may install it.
 */
export class SearchAccounts1790000006500 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await queryRunner.query(
      `CREATE INDEX users_search_idx ON users USING gin ((email || ' ' || coalesce(name, '')) gin_trgm_ops)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX IF EXISTS users_search_idx');
  }
}
