import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarkIdentitiesThatRaise1790000006120 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE identities ADD COLUMN may_raise boolean NOT NULL DEFAULT false',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE identities DROP COLUMN may_raise');
  }
}
