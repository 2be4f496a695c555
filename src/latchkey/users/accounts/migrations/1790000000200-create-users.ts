import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUsers1790000000200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE users (
        id uuid NOT NULL,
        email text NOT NULL,
        email_key text COLLATE "C" NOT NULL,
        email_verified boolean NOT NULL DEFAULT false,
        name text,
        status text NOT NULL DEFAULT 'active',
        password_hash text,
        password_version integer NOT NULL DEFAULT 1,
        authorization_version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT users_pkey PRIMARY KEY (id),
        CONSTRAINT users_email_key_unique UNIQUE (email_key),
        CONSTRAINT users_status_known CHECK (status IN ('active', 'disabled'))
      )`);
    await queryRunner.query(`CREATE INDEX users_disabled ON users (id) WHERE status = 'disabled'`);
    await queryRunner.query(`
      CREATE TABLE user_roles (
        user_id uuid NOT NULL,
        role_name text NOT NULL,
        CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role_name),
        CONSTRAINT user_roles_user_fkey FOREIGN KEY (user_id)
          REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT user_roles_role_fkey FOREIGN KEY (role_name)
          REFERENCES roles (name) ON DELETE RESTRICT
      )`);
    await queryRunner.query('CREATE INDEX user_roles_by_role ON user_roles (role_name, user_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE user_roles');
    await queryRunner.query('DROP TABLE users');
  }
}
