import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { defineFactor } from '../../tokens/assurance/factor.js';
import { FactorFailureStore } from './factor-failure-store.js';
import { FactorSecretCipher } from './factor-secret-cipher.js';
import { FactorStore, type FactorWithSecret } from './factor-store.js';
import { factorsErrors } from './factors.errors.js';
import { generateSeed, matchingStep } from './totp.js';

export const TOTP = defineFactor({ name: 'totp', amr: ['otp'], role: 'second' });

/** A code that has been found right, and has not been accepted yet. */
export interface RightCode {
  readonly factorId: string;
  readonly step: number;
}

/** Codes of authenticator apps (RFC 6238). */
@Injectable()
export class TotpFactors {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: FactorStore,
    private readonly failures: FactorFailureStore,
    private readonly cipher: FactorSecretCipher,
    private readonly clock: Clock,
  ) {}

  /** A new seed, which counts for nothing until a first code has been shown. It ends an older one that waits. */
  async begin(manager: EntityManager, userId: string): Promise<{ id: string; seed: Buffer }> {
    const seed = generateSeed();
    await this.store.deletePending(manager, userId);
    const id = await this.store.insert(manager, {
      userId,
      kind: 'totp',
      secret: seed,
      pending: true,
    });
    return { id, seed };
  }

  /**
   * From now on the account has it.
   *
   * @throws LatchkeyError `factors.not_found` for one that does not wait, or not any more,
   *   `factors.code_invalid`
   */
  async confirm(manager: EntityManager, userId: string, id: string, code: string): Promise<void> {
    const factor = await this.store.findPending(manager, userId, id);
    if (factor === null) throw factorsErrors.notFound();
    const seed = this.seedOf(factor);
    const step = seed && matchingStep(seed, code, this.clock.now(), factor.lastStep);
    if (step === null) throw factorsErrors.codeInvalid();
    if (!(await this.store.confirm(manager, id, step))) throw factorsErrors.notFound();
    await this.failures.forget(manager, userId);
  }

  /**
   * Whether it is a code that one of the account's apps shows. A wrong one stays counted, whatever becomes
   * of the request.
   *
   * @returns null when it is not
   * @throws LatchkeyError `factors.locked` after a hundred wrong ones
   */
  async judge(userId: string, code: string): Promise<RightCode | null> {
    const { manager } = this.dataSource;
    const factors = await this.store.findWithSecret(manager, userId, 'totp');
    const readable = factors.flatMap((factor) => {
      const seed = this.seedOf(factor);
      return seed === null ? [] : [{ ...factor, seed }];
    });
    // Where nothing can be compared nothing is guessed at.
    if (readable.length === 0) return null;
    if (!(await this.failures.begin(manager, userId))) throw factorsErrors.locked();
    for (const { id, seed, lastStep } of readable) {
      const step = matchingStep(seed, code, this.clock.now(), lastStep);
      if (step === null) continue;
      await this.failures.takeBack(manager, userId);
      return { factorId: id, step };
    }
    return null;
  }

  /** @returns false when it has been accepted before, or a later one has */
  accept(manager: EntityManager, { factorId, step }: RightCode): Promise<boolean> {
    return this.store.acceptStep(manager, factorId, step);
  }

  private seedOf({ id, encryptedSecret }: FactorWithSecret): Buffer | null {
    return this.cipher.decrypt(id, encryptedSecret);
  }
}
