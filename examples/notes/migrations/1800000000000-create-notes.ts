import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateNotes1800000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE notes (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        text text NOT NULL,
        written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT notes_pkey PRIMARY KEY (id),
        CONSTRAINT notes_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await queryRunner.query('CREATE INDEX notes_user_id_id_idx ON notes (user_id, id)');
    // #region full
    await queryRunner.query('CREATE INDEX notes_written_at_idx ON notes (written_at)');
    // #endregion
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE notes');
  }
}
