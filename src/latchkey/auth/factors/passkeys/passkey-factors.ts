import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  type FactorAttempt,
  type JudgedFactor,
  SecondFactors,
} from '../../../tokens/assurance/second-factors.js';
import { FactorStore } from '../../../users/factors/factor-store.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { PASSKEY, PasskeyJudge } from './passkey-judge.js';

const PASSKEY_METHOD = 'passkey';

/** Passkeys as the second factor, and where a session shows one again. */
@Injectable()
export class PasskeyFactors extends SecondFactors {
  readonly methods = [{ method: PASSKEY_METHOD, factor: PASSKEY }];

  constructor(
    private readonly store: FactorStore,
    private readonly judges: PasskeyJudge,
    private readonly challenges: PasskeyChallenges,
  ) {
    super();
  }

  async usableBy(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const factors = await this.store.list(manager, userId);
    return factors.some(({ kind }) => kind === 'passkey') ? [PASSKEY_METHOD] : [];
  }

  async judge({ userId, credential, actor }: FactorAttempt): Promise<JudgedFactor | null> {
    if (credential === undefined) return null;
    const judged = await this.judges.judge(credential, {
      alone: false,
      check: (token) => this.challenges.checkForSignIn(token),
    });
    if (judged === null || judged.userId !== userId) return null;
    return { shown: judged.shown, consume: (manager) => judged.consume(manager, actor) };
  }

  removeAll(manager: EntityManager, userId: string): Promise<void> {
    return this.store.deleteKinds(manager, userId, ['passkey']);
  }
}
