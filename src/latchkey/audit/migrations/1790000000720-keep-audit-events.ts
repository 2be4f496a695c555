import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepAuditEvents1790000000720 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Retention keeps events for a day at least: who removes a younger one is not retention.
    await queryRunner.query(`
      CREATE FUNCTION refuse_to_remove_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit events cannot be removed before they are a day old';
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER audit_events_keep_recent BEFORE DELETE ON audit_events
      FOR EACH ROW WHEN (OLD.created_at > clock_timestamp() - interval '1 day')
      EXECUTE FUNCTION refuse_to_remove_audit_events()`);
    await queryRunner.query(`
      CREATE TRIGGER audit_events_keep_all BEFORE TRUNCATE ON audit_events
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_remove_audit_events()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TRIGGER audit_events_keep_all ON audit_events');
    await queryRunner.query('DROP TRIGGER audit_events_keep_recent ON audit_events');
    await queryRunner.query('DROP FUNCTION refuse_to_remove_audit_events()');
  }
}
