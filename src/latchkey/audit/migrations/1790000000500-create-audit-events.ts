import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAuditEvents1790000000500 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE audit_events (
        id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        action text NOT NULL,
        outcome text NOT NULL,
        actor_id uuid,
        target_type text,
        target_id text,
        session_id uuid,
        ip inet,
        user_agent text,
        request_id text,
        reason text,
        details jsonb NOT NULL DEFAULT '{}',
        CONSTRAINT audit_events_pkey PRIMARY KEY (id),
        CONSTRAINT audit_events_outcome_check CHECK (outcome IN ('success', 'failure')),
        CONSTRAINT audit_events_target_check CHECK ((target_type IS NULL) = (target_id IS NULL))
      )`);
    await queryRunner.query(`
      CREATE INDEX audit_events_created_at_idx ON audit_events (created_at);
      CREATE INDEX audit_events_actor_id_id_idx ON audit_events (actor_id, id);
      CREATE INDEX audit_events_target_id_id_idx ON audit_events (target_id, id);
      CREATE INDEX audit_events_action_id_idx ON audit_events (action, id)`);
    // Old events may be deleted when a retention period is over; none is ever changed.
    await queryRunner.query(`
      CREATE FUNCTION refuse_to_change_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit events cannot be changed';
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER audit_events_append_only BEFORE UPDATE ON audit_events
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit_events()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE audit_events');
    await queryRunner.query('DROP FUNCTION refuse_to_change_audit_events()');
  }
}
