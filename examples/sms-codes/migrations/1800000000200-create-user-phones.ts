import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUserPhones1800000000200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE user_phones (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        phone text NOT NULL,
        CONSTRAINT user_phones_pkey PRIMARY KEY (id),
        CONSTRAINT user_phones_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await queryRunner.query('CREATE UNIQUE INDEX user_phones_user_id_key ON user_phones (user_id)');
    await queryRunner.query('CREATE UNIQUE INDEX user_phones_phone_key ON user_phones (phone)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE user_phones');
  }
}
