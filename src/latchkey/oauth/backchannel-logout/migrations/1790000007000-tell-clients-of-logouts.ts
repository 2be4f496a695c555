import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients that are to be told when a session of theirs ends, and the sessions that they are to be told of. */
export class TellClientsOfLogouts1790000007000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE oauth_clients ADD COLUMN backchannel_logout_uri text');
    await queryRunner.query(`
      CREATE TABLE pending_logouts (
        session_id uuid NOT NULL CONSTRAINT pending_logouts_pkey PRIMARY KEY,
        client_id uuid NOT NULL,
        user_id uuid NOT NULL,
        uri text NOT NULL,
        look_at timestamptz NOT NULL
      )`);
    await queryRunner.query(
      'CREATE INDEX pending_logouts_look_at_idx ON pending_logouts (look_at)',
    );
    await queryRunner.query(
      'CREATE INDEX pending_logouts_user_id_idx ON pending_logouts (user_id)',
    );
    await queryRunner.query(
      'CREATE INDEX pending_logouts_client_id_idx ON pending_logouts (client_id)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE pending_logouts');
    await queryRunner.query('ALTER TABLE oauth_clients DROP COLUMN backchannel_logout_uri');
  }
}
