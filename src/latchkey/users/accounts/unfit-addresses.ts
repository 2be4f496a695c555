import { Injectable } from '@nestjs/common';
import { emailKey, readPlainAddress } from '../../platform/http/validation/email-address.js';
import { type AddressRow, UserBatchStore } from './store/user-batch-store.js';

const BATCH_SIZE = 1_000;

export interface UnfitAddress {
  readonly userId: string;
  readonly email: string;
  readonly problem: string;
}

/**
 * Accounts from before addresses had to be plain. They go on working for a person who types the address as
 * it was written; another one like them cannot be made.
 */
@Injectable()
export class UnfitAddresses {
  constructor(private readonly store: UserBatchStore) {}

  /** Reads every account, a thousand at a time. */
  async *find(): AsyncGenerator<UnfitAddress> {
    for await (const row of this.store.addresses(BATCH_SIZE)) {
      const problem = problemOf(row);
      if (problem !== null) yield { userId: row.id, email: row.email, problem };
    }
  }
}

function problemOf({ email, emailKey: key }: AddressRow): string | null {
  if (readPlainAddress(email) === null) return 'not a plain address';
  return key === emailKey(email) ? null : 'another spelling of an address that has an account';
}
