import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LetRolesDemandAssurance1790000005800 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE roles
        ADD COLUMN required_acr text,
        ADD CONSTRAINT roles_required_acr_known CHECK (required_acr IN ('aal2', 'phr'))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE roles DROP COLUMN required_acr');
  }
}
