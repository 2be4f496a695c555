import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../../../audit/actor.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { Revocations, type RevokingTransaction } from '../../revocation/revocations.js';
import { keysErrors } from '../keys.errors.js';
import { SigningKeys } from '../signing-keys.js';
import { SigningKeyRow } from '../store/signing-key.entity.js';
import { generateSigningKey, type SigningKeyMaterial } from '../store/signing-key-material.js';
import { SigningKeyStore } from '../store/signing-key-store.js';
import { PromoteNextKey, PublishKey } from './publish-key.js';

/** Takes a key out of use at once, when it may have been stolen. */
@Injectable()
export class RevokeKey {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly store: SigningKeyStore,
    private readonly promoteNextKey: PromoteNextKey,
    private readonly publishKey: PublishKey,
    private readonly keys: SigningKeys,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * No token that the key signed is accepted any more, in this process from when it returns. The
   * sessions go on: a refresh brings tokens of another key. The next key takes over if this one
   * signs, however short a time it has been published. Of a revoked key: does nothing.
   *
   * @throws LatchkeyError `keys.not_found`
   */
  async revoke(kid: string, actor: Actor, reason?: string): Promise<void> {
    const { status, algorithm } = await this.find(this.dataSource.manager, kid);
    const isFollowed = status === 'current' || status === 'next';
    const spare = isFollowed ? await generateSigningKey(algorithm) : undefined;
    await this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.store.lock(manager);
      const key = await this.find(manager, kid);
      if (key.status === 'revoked') return;
      await this.takeOut(transaction, key, actor, spare);
      transaction.revoke({ kind: 'key', keyId: kid });
      await this.record(manager, key, actor, reason);
    });
    await this.keys.reload();
  }

  private async find(manager: EntityManager, kid: string): Promise<SigningKeyRow> {
    const key = await manager.findOneBy(SigningKeyRow, { kid });
    if (key === null) throw keysErrors.notFound();
    return key;
  }

  private async takeOut(
    transaction: RevokingTransaction,
    { kid, status, purpose, algorithm }: SigningKeyRow,
    actor: Actor,
    spare?: SigningKeyMaterial,
  ): Promise<void> {
    const { manager } = transaction;
    if (status === 'current') {
      const pair = await this.store.getPair(manager, purpose);
      return this.promoteNextKey.promote(transaction, pair, 'revoked', actor, spare);
    }
    await this.store.changeStatus(manager, kid, 'revoked');
    if (status !== 'next') return;
    const published = { algorithm, purpose, status: 'next' } as const;
    await this.publishKey.publish(transaction, published, actor, spare);
  }

  private record(
    manager: EntityManager,
    { kid, status }: SigningKeyRow,
    actor: Actor,
    reason?: string,
  ): Promise<void> {
    return this.audit.record(manager, {
      action: 'key.revoked',
      actor,
      target: { type: 'key', id: kid },
      ...(reason !== undefined && { reason }),
      details: { formerStatus: status },
    });
  }
}
