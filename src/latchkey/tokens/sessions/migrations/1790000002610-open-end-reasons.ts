import type { MigrationInterface, QueryRunner } from 'typeorm';

const FORM = '^[a-z][a-z0-9_]{0,62}$';
const OF_SESSIONS = [
  'logout',
  'logout_all',
  'admin',
  'user_disabled',
  'user_deleted',
  'password_changed',
  'refresh_reused',
  'expired',
  'session_limit',
];
const OF_CUTOFFS = ['logout_all', 'admin', 'user_disabled', 'user_deleted', 'password_changed'];

/** Features end sessions for reasons of their own: what is checked is the form. */
export class OpenEndReasons1790000002610 implements MigrationInterface {
  // Not valid: the rows that there are have met the narrower check, and need no look.
  async up(queryRunner: QueryRunner): Promise<void> {
    await check(queryRunner, 'sessions', 'end_reason', `end_reason ~ '${FORM}'`, 'NOT VALID');
    await check(queryRunner, 'session_cutoffs', 'reason', `reason ~ '${FORM}'`, 'NOT VALID');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await close(queryRunner, 'sessions', 'end_reason', OF_SESSIONS);
    await close(queryRunner, 'session_cutoffs', 'reason', OF_CUTOFFS);
  }
}

async function close(
  queryRunner: QueryRunner,
  table: string,
  column: string,
  reasons: readonly string[],
): Promise<void> {
  const known = `${column} IN (${reasons.map((reason) => `'${reason}'`).join(', ')})`;
  await queryRunner.query(`UPDATE ${table} SET ${column} = 'admin' WHERE NOT (${known})`);
  await check(queryRunner, table, column, known);
}

async function check(
  queryRunner: QueryRunner,
  table: string,
  column: string,
  condition: string,
  validity = '',
): Promise<void> {
  await queryRunner.query(`
    ALTER TABLE ${table}
      DROP CONSTRAINT ${table}_${column}_check,
      ADD CONSTRAINT ${table}_${column}_check CHECK (${condition}) ${validity}`);
}
