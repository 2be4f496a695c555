import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EraseWhatIsPersonal1790000003300 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE outbox ADD COLUMN personal_of uuid, ADD COLUMN personal jsonb',
    );
    await queryRunner.query(
      'CREATE INDEX outbox_personal_of_idx ON outbox (personal_of) WHERE personal IS NOT NULL',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE outbox DROP COLUMN personal, DROP COLUMN personal_of');
  }
}
