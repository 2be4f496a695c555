import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  decodeCursor,
  type Page,
  type PageQuery,
  toPage,
} from '../../../platform/http/answers/page.js';
import { keysErrors } from '../keys.errors.js';
import { SigningKeyRow } from '../store/signing-key.entity.js';
import { KeyView } from './keys.dto.js';
import { KID } from './kid.pipe.js';

/** What signing keys there are and have been. */
@Injectable()
export class KeyDirectory {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest first. */
  async list({ limit, cursor }: PageQuery): Promise<Page<KeyView>> {
    const query = this.dataSource.getRepository(SigningKeyRow).createQueryBuilder('key');
    if (cursor !== undefined) {
      query.where(
        `(key.createdAt, key.kid) <
           (SELECT last.created_at, last.kid FROM signing_keys AS last WHERE last.kid = :kid)`,
        { kid: decodeCursor(cursor, KID) },
      );
    }
    const rows = await query
      .orderBy({ 'key.createdAt': 'DESC', 'key.kid': 'DESC' })
      .limit(limit + 1)
      .getMany();
    return toPage(rows, limit, ({ kid }) => kid, KeyView.of);
  }

  /** @throws LatchkeyError `keys.not_found` */
  async get(kid: string): Promise<KeyView> {
    const row = await this.dataSource.getRepository(SigningKeyRow).findOneBy({ kid });
    if (row === null) throw keysErrors.notFound();
    return KeyView.of(row);
  }
}
