import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePasskeys1790000005100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE passkeys (
        factor_id uuid NOT NULL,
        credential_id bytea NOT NULL,
        public_key bytea NOT NULL,
        counter bigint NOT NULL,
        transports text[] NOT NULL,
        backup_eligible boolean NOT NULL,
        backed_up boolean NOT NULL,
        CONSTRAINT passkeys_pkey PRIMARY KEY (factor_id),
        CONSTRAINT passkeys_credential_id_unique UNIQUE (credential_id),
        CONSTRAINT passkeys_factor_id_fkey FOREIGN KEY (factor_id)
          REFERENCES factors (id) ON DELETE CASCADE
      )`);
    await queryRunner.query(`
      CREATE TABLE passkey_users (
        user_id uuid NOT NULL,
        handle bytea NOT NULL,
        CONSTRAINT passkey_users_pkey PRIMARY KEY (user_id),
        CONSTRAINT passkey_users_handle_unique UNIQUE (handle),
        CONSTRAINT passkey_users_user_id_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE passkey_users');
    await queryRunner.query('DROP TABLE passkeys');
  }
}
