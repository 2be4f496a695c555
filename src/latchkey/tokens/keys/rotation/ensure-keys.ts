import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { JwtAlgorithm } from '../../../access/verification/verification-keys.js';
import { SYSTEM } from '../../../audit/actor.js';
import { Revocations } from '../../revocation/revocations.js';
import type { SigningKeyPurpose } from '../store/signing-key.entity.js';
import { generateSigningKey } from '../store/signing-key-material.js';
import { SigningKeyStore } from '../store/signing-key-store.js';
import { PublishKey } from './publish-key.js';

/** Makes the first keys of a purpose: one that signs and one that will. */
@Injectable()
export class EnsureKeys {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly store: SigningKeyStore,
    private readonly publishKey: PublishKey,
  ) {}

  /** Of several instances that start together, one makes them. */
  async ensure(purpose: SigningKeyPurpose, algorithm: JwtAlgorithm): Promise<void> {
    const { current, next } = await this.store.findPair(this.dataSource.manager, purpose);
    if (current === undefined || next === undefined) await this.makeMissing(purpose, algorithm);
  }

  private async makeMissing(purpose: SigningKeyPurpose, algorithm: JwtAlgorithm): Promise<void> {
    const made = {
      current: await generateSigningKey(algorithm),
      next: await generateSigningKey(algorithm),
    };
    await this.revocations.commit(async (transaction) => {
      await this.store.lock(transaction.manager);
      const pair = await this.store.findPair(transaction.manager, purpose);
      for (const status of ['current', 'next'] as const) {
        if (pair[status] !== undefined) continue;
        await this.publishKey.publish(
          transaction,
          { algorithm, purpose, status },
          SYSTEM,
          made[status],
        );
      }
    });
  }
}
