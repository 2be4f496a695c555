import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReserveFormerAddresses1790000003400 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE former_addresses (
        email_key text COLLATE "C" NOT NULL,
        user_id uuid NOT NULL,
        reserved_until timestamptz NOT NULL,
        CONSTRAINT former_addresses_pkey PRIMARY KEY (email_key),
        CONSTRAINT former_addresses_user_id_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE
      )`);
    await queryRunner.query(`
      CREATE INDEX former_addresses_user_id_idx ON former_addresses (user_id);
      CREATE INDEX former_addresses_reserved_until_idx ON former_addresses (reserved_until)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE former_addresses');
  }
}
