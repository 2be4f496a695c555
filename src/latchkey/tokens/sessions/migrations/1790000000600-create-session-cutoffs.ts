import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSessionCutoffs1790000000600 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // No foreign key: the row of everyone names no user, and one of a deleted user does no harm.
    await queryRunner.query(`
      CREATE TABLE session_cutoffs (
        user_id uuid CONSTRAINT session_cutoffs_pkey PRIMARY KEY,
        moment_ms bigint NOT NULL CONSTRAINT session_cutoffs_moment_ms_check
          CHECK (moment_ms >= 0 AND moment_ms < (1::bigint << 48) - 1),
        first_live_id uuid NOT NULL GENERATED ALWAYS AS
          ((lpad(to_hex(moment_ms + 1), 12, '0') || repeat('0', 20))::uuid) STORED,
        exempt_session_id uuid,
        decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        decided_by uuid,
        reason text NOT NULL CONSTRAINT session_cutoffs_reason_check CHECK (reason IN (
          'logout_all', 'admin', 'user_disabled', 'user_deleted', 'password_changed'
        ))
      )`);
    // Neither covers a column that a refresh changes: a refresh stays a HOT update.
    await queryRunner.query(
      'CREATE INDEX sessions_unended_idx ON sessions (id) WHERE ended_at IS NULL',
    );
    await queryRunner.query(
      'CREATE INDEX sessions_ended_at_idx ON sessions (ended_at) WHERE ended_at IS NOT NULL',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX sessions_ended_at_idx');
    await queryRunner.query('DROP INDEX sessions_unended_idx');
    await queryRunner.query('DROP TABLE session_cutoffs');
  }
}
