import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sessions at clients: children of that of the sign-in. No row is looked at by the constraints, and every one
 * meets them; no index covers a column that a refresh changes.
 */
export class BeginSessionsAtClients1790000006100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE sessions
        ADD COLUMN client_id uuid, ADD COLUMN parent_id uuid,
        ADD COLUMN scope text, ADD COLUMN audience text`);
    await queryRunner.query(`
      ALTER TABLE sessions
        ADD CONSTRAINT sessions_client_id_fkey FOREIGN KEY (client_id)
          REFERENCES oauth_clients (id) ON DELETE CASCADE NOT VALID,
        ADD CONSTRAINT sessions_parent_id_fkey FOREIGN KEY (parent_id)
          REFERENCES sessions (id) ON DELETE SET NULL NOT VALID,
        ADD CONSTRAINT sessions_scope_check
          CHECK ((client_id IS NULL) = (scope IS NULL)) NOT VALID`);
    for (const column of ['client_id', 'parent_id']) {
      await queryRunner.query(
        `CREATE INDEX sessions_${column}_idx ON sessions (${column}) WHERE ${column} IS NOT NULL`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DELETE FROM sessions WHERE client_id IS NOT NULL');
    await queryRunner.query(`
      ALTER TABLE sessions DROP COLUMN client_id, DROP COLUMN parent_id, DROP COLUMN scope,
        DROP COLUMN audience`);
  }
}
