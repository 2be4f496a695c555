import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FindDueMessagesByKind1790000006310 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX outbox_due_idx;
      CREATE INDEX outbox_due_idx ON outbox (kind, due_at, position) WHERE state = 'waiting'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX outbox_due_idx;
      CREATE INDEX outbox_due_idx ON outbox (due_at) WHERE state = 'waiting'`);
  }
}
