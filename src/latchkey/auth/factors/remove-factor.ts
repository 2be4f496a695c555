import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../access/principal.js';
import type { Factor } from '../../tokens/assurance/factor.js';
import { Revocations, type RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { SessionFactors } from '../../tokens/sessions/session-factors.js';
import type { FactorKind } from '../../users/factors/factor.entity.js';
import { FactorFailureStore } from '../../users/factors/factor-failure-store.js';
import { FactorStore, type FactorSummary } from '../../users/factors/factor-store.js';
import { factorsErrors } from '../../users/factors/factors.errors.js';
import { RECOVERY_CODE } from '../../users/factors/recovery-codes.js';
import { TOTP } from '../../users/factors/totp-factors.js';
import { WaysIn } from '../ways-in/ways-in.js';
import { FactorChanges } from './factor-changes.js';
import { PASSKEY, UNVERIFIED_PASSKEY } from './passkeys/passkey-judge.js';

/** What a session keeps of a factor that has been shown in it. */
const SHOWN_AS: Readonly<Record<FactorKind, readonly Factor[]>> = {
  totp: [TOTP],
  passkey: [PASSKEY, UNVERIFIED_PASSKEY],
  recovery_codes: [RECOVERY_CODE],
};

/** Takes a factor from an account. */
@Injectable()
export class RemoveFactor {
  constructor(
    private readonly revocations: Revocations,
    private readonly changes: FactorChanges,
    private readonly store: FactorStore,
    private readonly failures: FactorFailureStore,
    private readonly sessionFactors: SessionFactors,
    private readonly waysIn: WaysIn,
  ) {}

  /**
   * The sessions that it raised fall back at once, everywhere; none ends. With the last app or passkey go
   * the recovery codes, which stand in for it.
   *
   * @throws LatchkeyError `factors.not_found`, `factors.last_way_in`, `users.not_found`
   */
  remove(principal: Principal, id: string, request: FastifyRequest): Promise<void> {
    const { userId } = principal;
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      const change = await this.changes.begin(manager, principal, request);
      const factors = await this.store.list(manager, userId);
      const removed = factors.find((factor) => factor.id === id);
      if (removed === undefined) throw factorsErrors.notFound();
      const others = factors.filter((factor) => factor !== removed);
      const needsCodes = others.some(({ kind }) => kind !== 'recovery_codes');
      const gone = [removed, ...(needsCodes ? [] : others)];
      const ways = await this.waysIn.of(manager, change.account);
      const passkeys = others.filter(({ kind }) => kind === 'passkey').length;
      this.waysIn.requireLeft(ways, { ...ways, passkeys });
      await this.removeAll(transaction, userId, gone);
      if (!needsCodes) await this.failures.forget(manager, userId);
      const { kind, name } = removed;
      await this.changes.tell(manager, change, {
        action: 'factor.removed',
        notice: kind === 'passkey' ? 'passkey-removed' : 'factor-removed',
        details: { kind, factorId: id, ...(name !== null && { name }) },
      });
    });
  }

  /** What waits for its first code goes, too. */
  async removeAll(
    transaction: RevokingTransaction,
    userId: string,
    factors: readonly Pick<FactorSummary, 'id' | 'kind'>[],
  ): Promise<void> {
    const { manager } = transaction;
    await this.store.deletePending(manager, userId);
    const ids = factors.map(({ id }) => id);
    await this.store.delete(manager, userId, ids);
    for (const { id, kind } of factors) {
      // A session may have been raised by a code of a former set, which had another id.
      const only = kind === 'recovery_codes' ? undefined : id;
      for (const factor of SHOWN_AS[kind]) {
        await this.sessionFactors.withdraw(transaction, userId, factor, only);
      }
    }
  }
}
