import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepTokensOfProviders1790000007300 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE identity_tokens (
        identity_id uuid NOT NULL,
        encrypted_tokens bytea NOT NULL,
        encrypted_by text NOT NULL,
        version integer NOT NULL DEFAULT 1,
        refreshing_until timestamptz,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT identity_tokens_pkey PRIMARY KEY (identity_id),
        CONSTRAINT identity_tokens_size CHECK (octet_length(encrypted_tokens) <= 32768),
        CONSTRAINT identity_tokens_identity_id_fkey FOREIGN KEY (identity_id)
          REFERENCES identities (id) ON DELETE CASCADE
      )`);
    await queryRunner.query(
      'CREATE INDEX identity_tokens_used_at_idx ON identity_tokens (used_at)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE identity_tokens');
  }
}
