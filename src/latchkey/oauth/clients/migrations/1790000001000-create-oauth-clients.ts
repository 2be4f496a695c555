import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOAuthClients1790000001000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE oauth_clients (
        id uuid NOT NULL,
        name text NOT NULL,
        status text NOT NULL DEFAULT 'active',
        secret_hash bytea NOT NULL,
        former_secret_hash bytea,
        former_secret_until timestamptz,
        authorization_version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT oauth_clients_pkey PRIMARY KEY (id),
        CONSTRAINT oauth_clients_status_check CHECK (status IN ('active', 'disabled')),
        CONSTRAINT oauth_clients_former_secret_check
          CHECK ((former_secret_hash IS NULL) = (former_secret_until IS NULL))
      )`);
    await queryRunner.query(`
      CREATE TABLE oauth_client_roles (
        client_id uuid NOT NULL,
        role_name text NOT NULL,
        CONSTRAINT oauth_client_roles_pkey PRIMARY KEY (client_id, role_name),
        CONSTRAINT oauth_client_roles_client_fkey FOREIGN KEY (client_id)
          REFERENCES oauth_clients (id) ON DELETE CASCADE,
        CONSTRAINT oauth_client_roles_role_fkey FOREIGN KEY (role_name)
          REFERENCES roles (name) ON DELETE RESTRICT
      )`);
    await queryRunner.query(
      'CREATE INDEX oauth_client_roles_by_role ON oauth_client_roles (role_name, client_id)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE oauth_client_roles');
    await queryRunner.query('DROP TABLE oauth_clients');
  }
}
