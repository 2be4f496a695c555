import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSessionsAndSigningKeys1790000000300 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Room in every page for the next version of its rows: what makes a refresh a HOT update.
    await queryRunner.query(`
      CREATE TABLE sessions (
        id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
        user_id uuid NOT NULL
          CONSTRAINT sessions_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        family_key bytea NOT NULL,
        generation integer NOT NULL DEFAULT 0
          CONSTRAINT sessions_generation_check CHECK (generation >= 0),
        grace_floor integer NOT NULL DEFAULT 0,
        previous_grace_floor integer NOT NULL DEFAULT 0,
        grace_bucket_started_at timestamptz NOT NULL,
        rotated_at timestamptz NOT NULL,
        idle_ttl_seconds integer NOT NULL,
        expires_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        amr text[] NOT NULL,
        created_ip inet NOT NULL,
        created_user_agent text,
        last_ip inet NOT NULL,
        last_user_agent text,
        ended_at timestamptz,
        ended_by uuid,
        end_reason text CONSTRAINT sessions_end_reason_check CHECK (end_reason IN (
          'logout', 'logout_all', 'admin', 'user_disabled', 'user_deleted', 'password_changed',
          'refresh_reused', 'expired'
        )),
        CONSTRAINT sessions_ended_check CHECK ((ended_at IS NULL) = (end_reason IS NULL))
      ) WITH (fillfactor = 70)`);
    await queryRunner.query('CREATE INDEX sessions_user_id_id_idx ON sessions (user_id, id)');
    await queryRunner.query(`
      CREATE TABLE signing_keys (
        kid text CONSTRAINT signing_keys_pkey PRIMARY KEY,
        algorithm text NOT NULL
          CONSTRAINT signing_keys_algorithm_check CHECK (algorithm IN ('ES256', 'RS256', 'PS256')),
        status text NOT NULL CONSTRAINT signing_keys_status_check
          CHECK (status IN ('next', 'current', 'retired', 'revoked')),
        public_jwk jsonb NOT NULL,
        encrypted_private_key bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        status_changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX signing_keys_one_current_idx ON signing_keys (status)
       WHERE status = 'current'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE signing_keys');
    await queryRunner.query('DROP TABLE sessions');
  }
}
