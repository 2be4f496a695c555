import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each client that asks has a ticket of its own; several secrets of one purpose may be good at once. */
export class CountWrongCodesByTicket1790000006300 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE one_time_tickets (
        id uuid NOT NULL,
        secret_id uuid NOT NULL,
        tries_left smallint NOT NULL,
        CONSTRAINT one_time_tickets_pkey PRIMARY KEY (id),
        CONSTRAINT one_time_tickets_tries_left_check CHECK (tries_left >= 0),
        CONSTRAINT one_time_tickets_secret_id_fkey FOREIGN KEY (secret_id)
          REFERENCES one_time_secrets (id) ON DELETE CASCADE
      );
      CREATE INDEX one_time_tickets_secret_id_idx ON one_time_tickets (secret_id)`);
    // Until now a ticket had the id of its secret.
    await queryRunner.query(`
      INSERT INTO one_time_tickets (id, secret_id, tries_left)
      SELECT id, id, tries_left FROM one_time_secrets`);
    await queryRunner.query(`
      ALTER TABLE one_time_secrets DROP CONSTRAINT one_time_secrets_subject_unique;
      ALTER TABLE one_time_secrets DROP COLUMN tries_left;
      CREATE INDEX one_time_secrets_subject_idx
        ON one_time_secrets (purpose, subject, created_at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX one_time_secrets_subject_idx;
      DELETE FROM one_time_secrets AS older USING one_time_secrets AS newer
      WHERE older.purpose = newer.purpose AND older.subject = newer.subject
        AND (older.created_at, older.id) < (newer.created_at, newer.id);
      ALTER TABLE one_time_secrets
        ADD COLUMN tries_left smallint NOT NULL DEFAULT 5,
        ADD CONSTRAINT one_time_secrets_tries_left_check CHECK (tries_left >= 0),
        ADD CONSTRAINT one_time_secrets_subject_unique UNIQUE (purpose, subject);
      ALTER TABLE one_time_secrets ALTER COLUMN tries_left DROP DEFAULT;
      DROP TABLE one_time_tickets`);
  }
}
