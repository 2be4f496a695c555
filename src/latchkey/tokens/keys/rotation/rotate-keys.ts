import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Actor, SYSTEM } from '../../../audit/actor.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { RevocationConfig } from '../../revocation/revocation.config.js';
import { Revocations, type RevokingTransaction } from '../../revocation/revocations.js';
import { KeysConfig } from '../keys.config.js';
import { keysErrors } from '../keys.errors.js';
import { SigningKeys } from '../signing-keys.js';
import { SIGNING_KEY_PURPOSES, type SigningKeyPurpose } from '../store/signing-key.entity.js';
import { generateSigningKey, type SigningKeyMaterial } from '../store/signing-key-material.js';
import {
  type CurrentAndNext,
  SigningKeyStore,
  type StoredKey,
} from '../store/signing-key-store.js';
import { publicationSeconds } from './publication-delay.js';
import { PromoteNextKey } from './publish-key.js';

const DAY_SECONDS = 86_400;

/**
 * Lets the next key sign. It has been published before, and the former one goes on verifying: no
 * token that is good is refused anywhere.
 */
@Injectable()
export class RotateKeys {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly store: SigningKeyStore,
    private readonly promoteNextKey: PromoteNextKey,
    private readonly keys: SigningKeys,
    private readonly audit: AuditTrail,
    private readonly config: KeysConfig,
    private readonly revocationConfig: RevocationConfig,
  ) {}

  /**
   * @param purpose.force also when verifiers may not know the next key yet
   * @returns the `kid` of the key that signs now, in this process before it returns
   * @throws LatchkeyError `keys.next_too_new`, `keys.not_found` where there is none of the purpose
   */
  async rotate(
    actor: Actor,
    { force, purpose }: { readonly force: boolean; readonly purpose: SigningKeyPurpose },
  ): Promise<string> {
    const { next } = await this.requireRotatable(this.dataSource.manager, purpose, force);
    const spare = await generateSigningKey(next.algorithm);
    const kid = await this.revocations.commit(async (transaction) => {
      await this.store.lock(transaction.manager);
      const pair = await this.requireRotatable(transaction.manager, purpose, force);
      return this.promote(transaction, pair, { actor, spare, details: { forced: force } });
    });
    await this.keys.reload();
    return kid;
  }

  private async requireRotatable(
    manager: EntityManager,
    purpose: SigningKeyPurpose,
    force: boolean,
  ): Promise<CurrentAndNext> {
    const pair = await this.store.findPair(manager, purpose);
    if (!isWhole(pair)) throw keysErrors.notFound();
    if (!force) this.requirePublished(pair.next);
    return pair;
  }

  /** Rotates when the key that signs is old, or of another algorithm than the next one. */
  async rotateIfDue(): Promise<void> {
    for (const purpose of SIGNING_KEY_PURPOSES) await this.rotateIfDueFor(purpose);
  }

  private async rotateIfDueFor(purpose: SigningKeyPurpose): Promise<void> {
    const seen = await this.store.findPair(this.dataSource.manager, purpose);
    if (!this.isDue(seen)) return;
    const spare = await generateSigningKey(seen.next.algorithm);
    await this.revocations.commit(async (transaction) => {
      if (!(await this.store.tryLock(transaction.manager))) return;
      const pair = await this.store.findPair(transaction.manager, purpose);
      if (this.isDue(pair)) await this.promote(transaction, pair, { actor: SYSTEM, spare });
    });
    await this.keys.reload();
  }

  private isDue(pair: Partial<CurrentAndNext>): pair is CurrentAndNext {
    if (!isWhole(pair)) return false;
    const { current, next } = pair;
    if (this.waitSeconds(next) > 0) return false;
    if (current.algorithm !== next.algorithm) return true;
    const { rotationDays } = this.config;
    return rotationDays > 0 && current.statusAgeSeconds >= rotationDays * DAY_SECONDS;
  }

  private async promote(
    transaction: RevokingTransaction,
    pair: CurrentAndNext,
    { actor, spare, details = {} }: { actor: Actor; spare: SigningKeyMaterial; details?: object },
  ): Promise<string> {
    await this.promoteNextKey.promote(transaction, pair, 'retired', actor, spare);
    await this.audit.record(transaction.manager, {
      action: 'key.rotated',
      actor,
      target: { type: 'key', id: pair.next.kid },
      details: { former: pair.current.kid, ...details },
    });
    return pair.next.kid;
  }

  private requirePublished(next: StoredKey): void {
    const retryAfterSeconds = this.waitSeconds(next);
    if (retryAfterSeconds === 0) return;
    throw keysErrors.nextTooNew({
      detail: `It may sign in ${retryAfterSeconds} s.`,
      retryAfterSeconds,
    });
  }

  private waitSeconds({ ageSeconds }: StoredKey): number {
    const published = publicationSeconds(this.revocationConfig.pollSeconds);
    return Math.max(0, Math.ceil(published - ageSeconds));
  }
}

/** Keys of ID tokens are not there where nothing has asked for them. */
function isWhole(pair: Partial<CurrentAndNext>): pair is CurrentAndNext {
  return pair.current !== undefined && pair.next !== undefined;
}
