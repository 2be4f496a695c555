import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateFactors1790000005000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE factors (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        kind text NOT NULL,
        name text,
        encrypted_secret bytea,
        encrypted_by text,
        last_step bigint,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        confirmed_at timestamptz,
        last_used_at timestamptz,
        CONSTRAINT factors_pkey PRIMARY KEY (id),
        CONSTRAINT factors_user_id_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT factors_encrypted_check
          CHECK ((encrypted_secret IS NULL) = (encrypted_by IS NULL)),
        CONSTRAINT factors_kind_check CHECK (kind IN ('totp', 'passkey', 'recovery_codes'))
      )`);
    await queryRunner.query('CREATE INDEX factors_user_id_id_idx ON factors (user_id, id)');
    await queryRunner.query(
      'CREATE INDEX factors_encrypted_by_idx ON factors (encrypted_by) WHERE encrypted_by IS NOT NULL',
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX factors_recovery_codes_idx ON factors (user_id) WHERE kind = 'recovery_codes'`,
    );
    await queryRunner.query(`
      CREATE TABLE recovery_codes (
        factor_id uuid NOT NULL,
        mac bytea NOT NULL,
        CONSTRAINT recovery_codes_pkey PRIMARY KEY (factor_id, mac),
        CONSTRAINT recovery_codes_factor_id_fkey FOREIGN KEY (factor_id)
          REFERENCES factors (id) ON DELETE CASCADE
      )`);
    await queryRunner.query(`
      CREATE TABLE factor_failures (
        user_id uuid NOT NULL,
        wrong_codes integer NOT NULL,
        CONSTRAINT factor_failures_pkey PRIMARY KEY (user_id),
        CONSTRAINT factor_failures_user_id_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT factor_failures_wrong_codes_check CHECK (wrong_codes >= 0)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE factor_failures');
    await queryRunner.query('DROP TABLE recovery_codes');
    await queryRunner.query('DROP TABLE factors');
  }
}
