import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FactorStore } from '../../users/factors/factor-store.js';
import { IdentityTokenStore } from '../../users/identities/identity-token-store.js';
import { ScheduledJob } from './scheduled-job.js';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
const BATCH = 100;

/** After a new first secret in `APP_SECRETS`: what the former one has encrypted is encrypted again. */
@Injectable()
export class RenewEncryption extends ScheduledJob {
  readonly name = 'renew-encryption';
  readonly intervalSeconds = 3_600;

  constructor(
    private readonly dataSource: DataSource,
    private readonly factors: FactorStore,
    private readonly tokens: IdentityTokenStore,
  ) {
    super();
  }

  async run(signal: AbortSignal): Promise<void> {
    for (const store of [this.factors, this.tokens]) {
      let last: string | null = BEFORE_ALL;
      while (last !== null && !signal.aborted) {
        const after: string = last;
        last = await this.dataSource.transaction((manager) =>
          store.renewEncryption(manager, after, BATCH),
        );
      }
    }
  }
}
