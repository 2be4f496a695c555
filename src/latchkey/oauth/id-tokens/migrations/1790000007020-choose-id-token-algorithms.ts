import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a client's ID tokens are signed by; unless it says so, by what every client can verify. */
export class ChooseIdTokenAlgorithms1790000007020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE oauth_clients ADD COLUMN id_token_signed_response_alg text NOT NULL DEFAULT 'RS256'
        CONSTRAINT oauth_clients_id_token_alg_check
          CHECK (id_token_signed_response_alg IN ('RS256', 'ES256', 'PS256'))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE oauth_clients DROP COLUMN id_token_signed_response_alg');
  }
}
