import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../audit/actor.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import type { RevokingTransaction } from '../../revocation/revocations.js';
import { generateSigningKey, type SigningKeyMaterial } from '../store/signing-key-material.js';
import {
  type CurrentAndNext,
  type PublishedKey,
  SigningKeyStore,
} from '../store/signing-key-store.js';

/** Makes keys, and lets every instance know. */
@Injectable()
export class PublishKey {
  constructor(
    private readonly store: SigningKeyStore,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @param spare made before the transaction, since making one of RSA may take seconds, for which others would wait; one
   *   of another algorithm is not used
   * @returns its `kid`
   */
  async publish(
    transaction: RevokingTransaction,
    { algorithm, purpose, status }: PublishedKey,
    actor: Actor,
    spare?: SigningKeyMaterial,
  ): Promise<string> {
    const { manager } = transaction;
    const key = spare?.algorithm === algorithm ? spare : await generateSigningKey(algorithm);
    const { kid } = key;
    await this.store.insert(manager, key, { purpose, status });
    transaction.revoke({ kind: 'key-published', keyId: kid });
    await this.audit.record(manager, {
      action: 'key.created',
      actor,
      target: { type: 'key', id: kid },
      details: { algorithm, purpose, status },
    });
    return kid;
  }
}

/** Lets the next key sign from now on, and publishes the one that will follow it. */
@Injectable()
export class PromoteNextKey {
  constructor(
    private readonly store: SigningKeyStore,
    private readonly publishKey: PublishKey,
  ) {}

  /**
   * @param formerStatus what the key that has signed so far is now
   * @param spare as `PublishKey.publish` takes it
   */
  async promote(
    transaction: RevokingTransaction,
    { current, next }: CurrentAndNext,
    formerStatus: 'retired' | 'revoked',
    actor: Actor,
    spare?: SigningKeyMaterial,
  ): Promise<void> {
    const { manager } = transaction;
    await this.store.changeStatus(manager, current.kid, formerStatus);
    await this.store.changeStatus(manager, next.kid, 'current');
    const { algorithm, purpose } = next;
    const published = { algorithm, purpose, status: 'next' } as const;
    await this.publishKey.publish(transaction, published, actor, spare);
  }
}
