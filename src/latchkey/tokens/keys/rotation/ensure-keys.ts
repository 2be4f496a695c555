import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccessConfig } from '../../../access/access.config.js';
import { SYSTEM } from '../../../audit/actor.js';
import { Revocations } from '../../revocation/revocations.js';
import { SigningKeyStore } from '../store/signing-key-store.js';
import { PublishKey } from './publish-key.js';

/** Makes the first keys: one that signs and one that will. */
@Injectable()
export class EnsureKeys {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly store: SigningKeyStore,
    private readonly publishKey: PublishKey,
    private readonly config: AccessConfig,
  ) {}

  /** Of several instances that start together, one makes them. */
  async ensure(): Promise<void> {
    const { current, next } = await this.store.findPair(this.dataSource.manager);
    if (current === undefined || next === undefined) await this.makeMissing();
  }

  private makeMissing(): Promise<void> {
    return this.revocations.commit(async (transaction) => {
      await this.store.lock(transaction.manager);
      const { algorithm } = this.config;
      const pair = await this.store.findPair(transaction.manager);
      for (const status of ['current', 'next'] as const) {
        if (pair[status] !== undefined) continue;
        await this.publishKey.publish(transaction, algorithm, status, SYSTEM);
      }
    });
  }
}
