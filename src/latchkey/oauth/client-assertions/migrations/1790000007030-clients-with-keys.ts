import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients that show a signature in place of a secret, and what each has shown already. */
export class ClientsWithKeys1790000007030 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE oauth_clients ADD COLUMN jwks jsonb,
        DROP CONSTRAINT oauth_clients_secret_hash_check,
        ADD CONSTRAINT oauth_clients_secret_hash_check
          CHECK ((type = 'public' OR jwks IS NOT NULL) = (secret_hash IS NULL)),
        ADD CONSTRAINT oauth_clients_jwks_check CHECK (type = 'confidential' OR jwks IS NULL)`);
    await queryRunner.query(`
      CREATE TABLE used_client_assertions (
        client_id uuid NOT NULL CONSTRAINT used_client_assertions_client_id_fkey
          REFERENCES oauth_clients (id) ON DELETE CASCADE,
        jti_hash bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT used_client_assertions_pkey PRIMARY KEY (client_id, jti_hash)
      )`);
    await queryRunner.query(
      'CREATE INDEX used_client_assertions_expires_at_idx ON used_client_assertions (expires_at)',
    );
  }

  /** A client with keys has nothing left to authenticate by. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE used_client_assertions');
    await queryRunner.query('DELETE FROM oauth_clients WHERE jwks IS NOT NULL');
    await queryRunner.query(`
      ALTER TABLE oauth_clients
        DROP CONSTRAINT oauth_clients_jwks_check,
        DROP CONSTRAINT oauth_clients_secret_hash_check,
        DROP COLUMN jwks,
        ADD CONSTRAINT oauth_clients_secret_hash_check
          CHECK ((type = 'public') = (secret_hash IS NULL))`);
  }
}
