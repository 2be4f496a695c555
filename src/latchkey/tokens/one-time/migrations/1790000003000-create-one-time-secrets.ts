import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOneTimeSecrets1790000003000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE one_time_secrets (
        id uuid NOT NULL,
        purpose text NOT NULL,
        subject uuid,
        user_id uuid,
        session_id uuid,
        bound_to bytea,
        key bytea NOT NULL,
        state bytea,
        details jsonb NOT NULL DEFAULT '{}',
        tries_left smallint NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at timestamptz NOT NULL,
        consumed_at timestamptz,
        CONSTRAINT one_time_secrets_pkey PRIMARY KEY (id),
        CONSTRAINT one_time_secrets_subject_unique UNIQUE (purpose, subject),
        CONSTRAINT one_time_secrets_tries_left_check CHECK (tries_left >= 0),
        CONSTRAINT one_time_secrets_user_id_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT one_time_secrets_session_id_fkey FOREIGN KEY (session_id)
          REFERENCES sessions (id) ON DELETE CASCADE
      )`);
    await queryRunner.query(`
      CREATE INDEX one_time_secrets_user_id_idx ON one_time_secrets (user_id);
      CREATE INDEX one_time_secrets_session_id_idx ON one_time_secrets (session_id);
      CREATE INDEX one_time_secrets_expires_at_idx ON one_time_secrets (expires_at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE one_time_secrets');
  }
}
