import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LiveRevocations } from './live-revocations.js';
import { RevocationLog } from './revocation-log.js';
import { RevocationPublisher } from './revocation-publisher.js';
import { RevokingTransaction } from './revoking-transaction.js';

/** The only way to revoke: with the change that is the reason for it, or not at all. */
@Injectable()
export class Revocations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly log: RevocationLog,
    private readonly live: LiveRevocations,
    private readonly publisher: RevocationPublisher,
  ) {}

  /**
   * Runs `work` in one database transaction, and writes what it revokes to the durable log in it.
   *
   * When the promise resolves, the revocations are committed, in force in this process, and
   * published to Redis if it answered in time; every other instance has them at the latest when
   * it next reads the log. When `work` throws, nothing happened. When the commit itself fails,
   * it may have happened: then this process, too, learns of it from the log.
   */
  async commit<T>(work: (transaction: RevokingTransaction) => Promise<T>): Promise<T> {
    const { result, revocations, neededSeconds } = await this.dataSource.transaction(
      async (manager) => {
        const transaction = new RevokingTransaction(manager);
        const result = await work(transaction);
        const { revocations } = transaction;
        const neededSeconds = await this.log.append(manager, revocations);
        return { result, revocations, neededSeconds };
      },
    );
    await this.publisher.publish(this.live.applyNew(revocations, neededSeconds));
    return result;
  }
}
