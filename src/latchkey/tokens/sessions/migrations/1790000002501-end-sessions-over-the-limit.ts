import type { MigrationInterface, QueryRunner } from 'typeorm';

const REASONS = [
  'logout',
  'logout_all',
  'admin',
  'user_disabled',
  'user_deleted',
  'password_changed',
  'refresh_reused',
  'expired',
];

export class EndSessionsOverTheLimit1790000002501 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await allow(queryRunner, [...REASONS, 'session_limit']);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `UPDATE sessions SET end_reason = 'admin' WHERE end_reason = 'session_limit'`,
    );
    await allow(queryRunner, REASONS);
  }
}

async function allow(queryRunner: QueryRunner, reasons: readonly string[]): Promise<void> {
  const list = reasons.map((reason) => `'${reason}'`).join(', ');
  await queryRunner.query(`
    ALTER TABLE sessions
      DROP CONSTRAINT sessions_end_reason_check,
      ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN (${list}))`);
}
