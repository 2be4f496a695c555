import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRoles1790000000100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE roles (
        name text NOT NULL,
        description text,
        permissions text[] NOT NULL,
        built_in boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT roles_pkey PRIMARY KEY (name),
        CONSTRAINT roles_name_form CHECK (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
        CONSTRAINT roles_permissions_count CHECK (cardinality(permissions) <= 100)
      )`);
    await queryRunner.query(`
      CREATE TABLE role_definitions (
        id boolean NOT NULL DEFAULT true,
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT role_definitions_pkey PRIMARY KEY (id),
        CONSTRAINT role_definitions_one_row CHECK (id)
      )`);
    await queryRunner.query('INSERT INTO role_definitions DEFAULT VALUES');
    await queryRunner.query(`
      INSERT INTO roles (name, description, permissions, built_in) VALUES
        ('admin', 'May do everything.', '{*}', true),
        ('user', 'What every new account gets.', '{}', true)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE role_definitions');
    await queryRunner.query('DROP TABLE roles');
  }
}
