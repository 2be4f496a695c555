import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a client says who it is that nobody has registered. */
export class KnowClientsByDocuments1790000007200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE oauth_clients ADD COLUMN metadata_uri text,
        ADD CONSTRAINT oauth_clients_metadata_uri_check
          CHECK (metadata_uri IS NULL OR type = 'public')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DELETE FROM oauth_clients WHERE metadata_uri IS NOT NULL');
    await queryRunner.query('ALTER TABLE oauth_clients DROP COLUMN metadata_uri');
  }
}
