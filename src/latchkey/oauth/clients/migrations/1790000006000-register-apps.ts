import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients that people sign in at, some of which can keep no secret. Those that there are stay services. */
export class RegisterApps1790000006000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE oauth_clients
        ALTER COLUMN secret_hash DROP NOT NULL,
        ADD COLUMN type text NOT NULL DEFAULT 'confidential'
          CONSTRAINT oauth_clients_type_check CHECK (type IN ('confidential', 'public')),
        ADD COLUMN redirect_uris text[] NOT NULL DEFAULT '{}',
        ADD COLUMN post_logout_redirect_uris text[] NOT NULL DEFAULT '{}',
        ADD COLUMN first_party boolean NOT NULL DEFAULT false,
        ADD COLUMN scopes text[] NOT NULL DEFAULT '{}',
        ADD CONSTRAINT oauth_clients_secret_hash_check
          CHECK ((type = 'public') = (secret_hash IS NULL))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM oauth_clients WHERE type = 'public'`);
    await queryRunner.query(`
      ALTER TABLE oauth_clients
        DROP CONSTRAINT oauth_clients_secret_hash_check,
        DROP COLUMN type, DROP COLUMN redirect_uris, DROP COLUMN post_logout_redirect_uris,
        DROP COLUMN first_party, DROP COLUMN scopes,
        ALTER COLUMN secret_hash SET NOT NULL`);
  }
}
