import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which clients have registered themselves. */
export class ClientsRegisterThemselves1790000007400 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE oauth_clients ADD COLUMN self_registered boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT oauth_clients_self_registered_check
          CHECK (NOT self_registered OR (type = 'public' AND NOT first_party))`);
    await queryRunner.query(`
      CREATE INDEX oauth_clients_self_registered_idx ON oauth_clients (id) WHERE self_registered`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DELETE FROM oauth_clients WHERE self_registered');
    await queryRunner.query('ALTER TABLE oauth_clients DROP COLUMN self_registered');
  }
}
