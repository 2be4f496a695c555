import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import {
  type FactorAttempt,
  type FactorMethod,
  type JudgedFactor,
  SecondFactors,
} from '../../tokens/assurance/second-factors.js';
import { Users } from '../../users/accounts/users.js';
import { FactorFailureStore } from '../../users/factors/factor-failure-store.js';
import { FactorStore } from '../../users/factors/factor-store.js';
import {
  type GoodRecoveryCode,
  RECOVERY_CODE,
  RecoveryCodes,
} from '../../users/factors/recovery-codes.js';
import { TOTP, TotpFactors } from '../../users/factors/totp-factors.js';
import { Notices } from '../mail/notices.js';

const TOTP_METHOD = 'totp';
const RECOVERY_CODE_METHOD = 'recovery_code';

/** The second factors that are shown by a code: of an app, or one of the recovery codes. */
@Injectable()
export class CodeFactors extends SecondFactors {
  readonly methods: readonly FactorMethod[] = [
    { method: TOTP_METHOD, factor: TOTP },
    { method: RECOVERY_CODE_METHOD, factor: RECOVERY_CODE },
  ];

  constructor(
    private readonly store: FactorStore,
    private readonly failures: FactorFailureStore,
    private readonly totps: TotpFactors,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly users: Users,
    private readonly notices: Notices,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  /** An app that is locked counts: an account that has one is not without a second factor. */
  async usableBy(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const factors = await this.store.list(manager, userId);
    const hasApp = factors.some(({ kind }) => kind === 'totp');
    const hasCodes = factors.some(({ left }) => left !== null && left > 0);
    return [...(hasApp ? [TOTP_METHOD] : []), ...(hasCodes ? [RECOVERY_CODE_METHOD] : [])];
  }

  async judge({ userId, method, code, actor }: FactorAttempt): Promise<JudgedFactor | null> {
    if (code === undefined) return null;
    if (method === TOTP_METHOD) return this.judgeTotp(userId, code);
    const good = await this.recoveryCodes.judge(userId, code);
    if (good === null) return null;
    const shown = RECOVERY_CODE.shown(good.factorId);
    return { shown, consume: (manager) => this.useCode(manager, userId, good, actor) };
  }

  async removeAll(manager: EntityManager, userId: string): Promise<void> {
    await this.store.deleteKinds(manager, userId, ['totp', 'recovery_codes']);
    await this.failures.forget(manager, userId);
  }

  private async judgeTotp(userId: string, code: string): Promise<JudgedFactor | null> {
    const right = await this.totps.judge(userId, code);
    if (right === null) return null;
    const shown = TOTP.shown(right.factorId);
    return { shown, consume: (manager) => this.totps.accept(manager, right) };
  }

  private async useCode(
    manager: EntityManager,
    userId: string,
    good: GoodRecoveryCode,
    actor: Actor,
  ): Promise<boolean> {
    if (!(await this.recoveryCodes.use(manager, good))) return false;
    await this.audit.record(manager, {
      action: 'recovery_code.used',
      actor,
      target: { type: 'user', id: userId },
    });
    const account = await this.users.findAccountById(userId, manager);
    if (account === null) return false;
    await this.notices.put(manager, { notice: 'recovery-code-used', account, actor });
    return true;
  }
}
