import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RotateSigningKeys1790000000700 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Shared secrets take part in rotation as the other keys do.
    await queryRunner.query(`
      ALTER TABLE signing_keys
        ALTER COLUMN public_jwk DROP NOT NULL,
        ALTER COLUMN encrypted_private_key DROP NOT NULL,
        DROP CONSTRAINT signing_keys_algorithm_check,
        ADD CONSTRAINT signing_keys_algorithm_check
          CHECK (algorithm IN ('ES256', 'RS256', 'PS256', 'HS256')),
        ADD CONSTRAINT signing_keys_public_jwk_check
          CHECK ((public_jwk IS NULL) = (algorithm = 'HS256'))`);
    // What signs no more cannot be stolen either.
    await queryRunner.query(
      `UPDATE signing_keys SET encrypted_private_key = NULL WHERE status IN ('retired', 'revoked')`,
    );
    await queryRunner.query(`
      ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_private_key_check CHECK (
        (encrypted_private_key IS NOT NULL) =
        (status IN ('next', 'current') OR (status = 'retired' AND algorithm = 'HS256')))`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX signing_keys_one_next_idx ON signing_keys (status)
       WHERE status = 'next'`,
    );
  }

  /** Keys of which nothing is left that could sign, and shared secrets, have no place there. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `DELETE FROM signing_keys WHERE algorithm = 'HS256' OR encrypted_private_key IS NULL`,
    );
    await queryRunner.query('DROP INDEX signing_keys_one_next_idx');
    await queryRunner.query(`
      ALTER TABLE signing_keys
        DROP CONSTRAINT signing_keys_private_key_check,
        DROP CONSTRAINT signing_keys_public_jwk_check,
        DROP CONSTRAINT signing_keys_algorithm_check,
        ADD CONSTRAINT signing_keys_algorithm_check
          CHECK (algorithm IN ('ES256', 'RS256', 'PS256')),
        ALTER COLUMN encrypted_private_key SET NOT NULL,
        ALTER COLUMN public_jwk SET NOT NULL`);
  }
}
