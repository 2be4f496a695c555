import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RegisterResources1790000007100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE resources (
        id uuid NOT NULL CONSTRAINT resources_pkey PRIMARY KEY,
        identifier text NOT NULL CONSTRAINT resources_identifier_unique UNIQUE,
        name text NOT NULL,
        client_id uuid
          CONSTRAINT resources_client_id_fkey REFERENCES oauth_clients (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await queryRunner.query('CREATE INDEX resources_client_id_idx ON resources (client_id)');
    await queryRunner.query(`
      CREATE TABLE resource_scopes (
        name text NOT NULL CONSTRAINT resource_scopes_pkey PRIMARY KEY,
        resource_id uuid NOT NULL
          CONSTRAINT resource_scopes_resource_id_fkey REFERENCES resources (id) ON DELETE CASCADE,
        description text NOT NULL
      )`);
    await queryRunner.query(
      'CREATE INDEX resource_scopes_resource_id_idx ON resource_scopes (resource_id)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE resource_scopes');
    await queryRunner.query('DROP TABLE resources');
  }
}
