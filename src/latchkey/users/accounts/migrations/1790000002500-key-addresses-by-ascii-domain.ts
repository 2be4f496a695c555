import { domainToASCII } from 'node:url';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What may stand in a domain and is neither dropped nor read as a part of a URL by `domainToASCII`. */
const DOMAIN =
  /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{S}.\-\u3002\uff0e\uff61]+$/u;

/**
 * Two spellings of a domain become one account. Where both have one already, the one whose domain is
 * not in its ASCII form keeps the key that it has.
 */
export class KeyAddressesByAsciiDomain1790000002500 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const rows: { id: string; key: string }[] = await queryRunner.query(
      `SELECT id, email_key AS key FROM users WHERE email_key ~ '@.*[^\\x01-\\x7f]' ORDER BY id`,
    );
    for (const { id, key } of rows) {
      const at = key.lastIndexOf('@');
      const domain = key.slice(at + 1);
      const ascii = DOMAIN.test(domain) ? domainToASCII(domain) : '';
      if (ascii === '') continue;
      await queryRunner.query(
        `UPDATE users SET email_key = $2
         WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE email_key = $2)`,
        [id, `${key.slice(0, at)}@${ascii}`],
      );
    }
  }

  /** The keys stay: by these, too, every account is found. */
  async down(): Promise<void> {}
}
