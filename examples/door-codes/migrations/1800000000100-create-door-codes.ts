import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDoorCodes1800000000100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE door_codes (
        user_id uuid NOT NULL,
        code_hash bytea NOT NULL,
        valid_until timestamptz NOT NULL,
        CONSTRAINT door_codes_pkey PRIMARY KEY (user_id),
        CONSTRAINT door_codes_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE door_codes');
  }
}
