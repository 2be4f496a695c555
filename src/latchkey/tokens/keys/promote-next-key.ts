import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import type { RevokingTransaction } from '../revocation/revoking-transaction.js';
import { PublishKey } from './publish-key.js';
import { type CurrentAndNext, SigningKeyStore } from './signing-key-store.js';

/** Lets the next key sign from now on, and publishes the one that will follow it. */
@Injectable()
export class PromoteNextKey {
  constructor(
    private readonly store: SigningKeyStore,
    private readonly publishKey: PublishKey,
  ) {}

  /** @param formerStatus what the key that has signed so far is now */
  async promote(
    transaction: RevokingTransaction,
    { current, next }: CurrentAndNext,
    formerStatus: 'retired' | 'revoked',
    actor: Actor,
  ): Promise<void> {
    const { manager } = transaction;
    await this.store.changeStatus(manager, current.kid, formerStatus);
    await this.store.changeStatus(manager, next.kid, 'current');
    await this.publishKey.publish(transaction, next.algorithm, 'next', actor);
  }
}
