import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row, made at random with the database: what belongs to it carries this id. */
export class NameDeployment1790000002200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE deployment (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        single_row boolean NOT NULL DEFAULT true,
        CONSTRAINT deployment_pkey PRIMARY KEY (single_row),
        CONSTRAINT deployment_single_row_check CHECK (single_row)
      )`);
    await queryRunner.query('INSERT INTO deployment DEFAULT VALUES');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE deployment');
  }
}
