import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOutbox1790000003100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE outbox (
        id uuid NOT NULL,
        position BIGSERIAL NOT NULL,
        kind text NOT NULL,
        recipient text NOT NULL,
        payload jsonb NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        gives_up_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        settled_at timestamptz,
        last_error text,
        CONSTRAINT outbox_pkey PRIMARY KEY (id),
        CONSTRAINT outbox_state_check
          CHECK (state IN ('waiting', 'delivered', 'dropped', 'dead')),
        CONSTRAINT outbox_settled_check CHECK ((state = 'waiting') = (settled_at IS NULL))
      )`);
    await queryRunner.query(`
      CREATE INDEX outbox_dead_idx ON outbox (id) WHERE state = 'dead';
      CREATE INDEX outbox_due_idx ON outbox (due_at) WHERE state = 'waiting';
      CREATE INDEX outbox_waiting_idx ON outbox (recipient, position) WHERE state = 'waiting';
      CREATE INDEX outbox_delivered_idx ON outbox (recipient, settled_at)
        WHERE state = 'delivered';
      CREATE INDEX outbox_settled_idx ON outbox (settled_at) WHERE settled_at IS NOT NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE outbox');
  }
}
