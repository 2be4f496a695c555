import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What clients may do besides, or have to, each off for those that there are. */
export class RegisterFlows1790000007110 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE oauth_clients
        ADD COLUMN device_flow boolean NOT NULL DEFAULT false,
        ADD COLUMN require_pushed_authorization_requests boolean NOT NULL DEFAULT false`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE oauth_clients
        DROP COLUMN device_flow, DROP COLUMN require_pushed_authorization_requests`);
  }
}
