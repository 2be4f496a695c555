import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RememberConsents1790000006200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE consents (
        user_id uuid NOT NULL
          CONSTRAINT consents_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        client_id uuid NOT NULL
          CONSTRAINT consents_client_id_fkey REFERENCES oauth_clients (id) ON DELETE CASCADE,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT consents_pkey PRIMARY KEY (user_id, client_id)
      )`);
    await queryRunner.query('CREATE INDEX consents_client_id_idx ON consents (client_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE consents');
  }
}
