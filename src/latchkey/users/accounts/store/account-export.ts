import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExportUser } from '../../../platform/persons/export-user.js';
import { PROFILE_COLUMNS } from './user-store.js';

/** The account itself. Of the password that there is one, and of former addresses which may be taken back. */
@Injectable()
export class AccountExport extends ExportUser {
  readonly name = 'account';

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  override async export(userId: string): Promise<unknown> {
    const [account] = await this.dataSource.query<unknown[]>(
      `SELECT ${PROFILE_COLUMNS}, u.updated_at AS "updatedAt", u.import_id AS "importId",
         u.password_hash IS NOT NULL AS "hasPassword",
         (SELECT coalesce(json_agg(json_build_object('kind', kind, 'name', name,
            'createdAt', created_at, 'confirmedAt', confirmed_at, 'lastUsedAt', last_used_at)), '[]')
          FROM factors WHERE user_id = u.id) AS factors,
         ARRAY(SELECT email_key FROM former_addresses WHERE user_id = u.id) AS "formerAddresses"
       FROM users u WHERE u.id = $1`,
      [userId],
    );
    return account;
  }
}
