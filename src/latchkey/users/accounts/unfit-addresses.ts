import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { emailKey, readPlainAddress } from '../../platform/http/validation/email-address.js';

const BATCH_SIZE = 1_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

export interface UnfitAddress {
  readonly userId: string;
  readonly email: string;
  readonly problem: string;
}

interface Row {
  readonly id: string;
  readonly email: string;
  readonly email_key: string;
}

/**
 * Accounts from before addresses had to be plain. They go on working, for whoever types the address as
 * it was written; nobody can make another one like them.
 */
@Injectable()
export class UnfitAddresses {
  constructor(private readonly dataSource: DataSource) {}

  /** Reads every account, a thousand at a time. */
  async *find(): AsyncGenerator<UnfitAddress> {
    let last = BEFORE_ALL;
    for (;;) {
      const rows: Row[] = await this.dataSource.query(
        'SELECT id, email, email_key FROM users WHERE id > $1 ORDER BY id LIMIT $2',
        [last, BATCH_SIZE],
      );
      for (const row of rows) {
        const problem = problemOf(row);
        if (problem !== null) yield { userId: row.id, email: row.email, problem };
      }
      const next = rows.at(-1)?.id;
      if (next === undefined) return;
      last = next;
    }
  }
}

function problemOf({ email, email_key: key }: Row): string | null {
  if (readPlainAddress(email) === null) return 'not a plain address';
  return key === emailKey(email) ? null : 'another spelling of an address that has an account';
}
