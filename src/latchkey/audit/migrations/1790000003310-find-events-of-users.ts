import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was done to a user's session names the user in its details. */
export class FindEventsOfUsers1790000003310 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX audit_events_details_user_id_idx ON audit_events ((details ->> 'userId'), id)
       WHERE details ->> 'userId' IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX audit_events_details_user_id_idx');
  }
}
