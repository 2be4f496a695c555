import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarkAnomalies1790000000710 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE audit_events ADD COLUMN anomalies text[] NOT NULL DEFAULT '{}'`,
    );
    await queryRunner.query(
      `CREATE INDEX audit_events_anomalies_idx ON audit_events (id) WHERE anomalies <> '{}'`,
    );
    // A user's latest sign-ins, however much else the user does.
    await queryRunner.query(
      `CREATE INDEX audit_events_sign_ins_idx ON audit_events (actor_id, id)
       WHERE action = 'session.started'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX audit_events_sign_ins_idx');
    await queryRunner.query('DROP INDEX audit_events_anomalies_idx');
    await queryRunner.query('ALTER TABLE audit_events DROP COLUMN anomalies');
  }
}
