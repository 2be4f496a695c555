import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIdentities1790000006020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE identities (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        issuer text NOT NULL,
        subject text NOT NULL,
        provider text NOT NULL,
        email text,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        last_used_at timestamptz,
        CONSTRAINT identities_pkey PRIMARY KEY (id),
        CONSTRAINT identities_issuer_subject_unique UNIQUE (issuer, subject),
        CONSTRAINT identities_user_id_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE
      )`);
    await queryRunner.query('CREATE INDEX identities_user_id_idx ON identities (user_id)');
    await queryRunner.query(
      'CREATE INDEX identities_provider_idx ON identities (provider, user_id)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE identities');
  }
}
