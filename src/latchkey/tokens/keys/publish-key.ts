import { Injectable } from '@nestjs/common';
import type { JwtAlgorithm } from '../../access/verification-keys.js';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { RevokingTransaction } from '../revocation/revoking-transaction.js';
import { generateSigningKey } from './signing-key-material.js';
import { SigningKeyStore } from './signing-key-store.js';

/** Makes keys, and lets every instance know. */
@Injectable()
export class PublishKey {
  constructor(
    private readonly store: SigningKeyStore,
    private readonly audit: AuditTrail,
  ) {}

  /** @returns its `kid` */
  async publish(
    transaction: RevokingTransaction,
    algorithm: JwtAlgorithm,
    status: 'next' | 'current',
    actor: Actor,
  ): Promise<string> {
    const { manager } = transaction;
    const key = await generateSigningKey(algorithm);
    const { kid } = key;
    await this.store.insert(manager, key, status);
    transaction.revoke({ kind: 'key-published', keyId: kid });
    await this.audit.record(manager, {
      action: 'key.created',
      actor,
      target: { type: 'key', id: kid },
      details: { algorithm, status },
    });
    return kid;
  }
}
