import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AuthorizeDevices1790000007120 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE device_authorizations (
        id uuid NOT NULL CONSTRAINT device_authorizations_pkey PRIMARY KEY,
        user_code_hash bytea NOT NULL CONSTRAINT device_authorizations_user_code_hash_unique UNIQUE,
        client_id uuid NOT NULL
          CONSTRAINT device_authorizations_client_id_fkey REFERENCES oauth_clients (id) ON DELETE CASCADE,
        scope text NOT NULL,
        audience text,
        status text NOT NULL DEFAULT 'pending'
          CONSTRAINT device_authorizations_status_check CHECK (status IN ('pending', 'allowed', 'denied')),
        user_id uuid
          CONSTRAINT device_authorizations_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        session_id uuid
          CONSTRAINT device_authorizations_session_id_fkey REFERENCES sessions (id) ON DELETE CASCADE,
        interval_seconds integer NOT NULL,
        polled_at timestamptz,
        expires_at timestamptz NOT NULL,
        CONSTRAINT device_authorizations_allowed_check
          CHECK ((status = 'allowed') = (user_id IS NOT NULL AND session_id IS NOT NULL))
      )`);
    await queryRunner.query(`
      CREATE INDEX device_authorizations_client_id_idx ON device_authorizations (client_id);
      CREATE INDEX device_authorizations_user_id_idx ON device_authorizations (user_id);
      CREATE INDEX device_authorizations_session_id_idx ON device_authorizations (session_id);
      CREATE INDEX device_authorizations_expires_at_idx ON device_authorizations (expires_at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE device_authorizations');
  }
}
