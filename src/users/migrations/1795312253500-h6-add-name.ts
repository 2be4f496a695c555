import type { MigrationInterface, QueryRunner } from "typeorm";

export class H6AddName1795312253500 implements MigrationInterface {
    name = 'H6AddName1795312253500'

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`ALTER TABLE "users" ADD "name" text`);
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(`ALTER TABLE "users" DROP COLUMN "name"`);
    }

}
