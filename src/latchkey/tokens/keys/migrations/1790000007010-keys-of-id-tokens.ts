import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that sign ID tokens and nothing else have a current and a next one of their own. */
export class KeysOfIdTokens1790000007010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE signing_keys ADD COLUMN purpose text NOT NULL DEFAULT 'access'
        CONSTRAINT signing_keys_purpose_check CHECK (purpose IN ('access', 'id_token'))`);
    await queryRunner.query('DROP INDEX signing_keys_one_current_idx, signing_keys_one_next_idx');
    for (const status of ['current', 'next']) {
      await queryRunner.query(
        `CREATE UNIQUE INDEX signing_keys_one_${status}_idx ON signing_keys (purpose)
         WHERE status = '${status}'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM signing_keys WHERE purpose <> 'access'`);
    await queryRunner.query('DROP INDEX signing_keys_one_current_idx, signing_keys_one_next_idx');
    for (const status of ['current', 'next']) {
      await queryRunner.query(
        `CREATE UNIQUE INDEX signing_keys_one_${status}_idx ON signing_keys (status)
         WHERE status = '${status}'`,
      );
    }
    await queryRunner.query('ALTER TABLE signing_keys DROP COLUMN purpose');
  }
}
