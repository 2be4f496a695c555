import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EraseSpentSecrets1790000001020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE signing_keys DROP CONSTRAINT signing_keys_private_key_check',
    );
    await queryRunner.query(`
      ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_private_key_check CHECK (CASE
        WHEN status IN ('next', 'current') THEN encrypted_private_key IS NOT NULL
        WHEN status = 'retired' AND algorithm = 'HS256' THEN true
        ELSE encrypted_private_key IS NULL END)`);
  }

  /** Secrets that have been erased have no place there. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `DELETE FROM signing_keys
       WHERE status = 'retired' AND algorithm = 'HS256' AND encrypted_private_key IS NULL`,
    );
    await queryRunner.query(
      'ALTER TABLE signing_keys DROP CONSTRAINT signing_keys_private_key_check',
    );
    await queryRunner.query(`
      ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_private_key_check CHECK (
        (encrypted_private_key IS NOT NULL) =
        (status IN ('next', 'current') OR (status = 'retired' AND algorithm = 'HS256')))`);
  }
}
