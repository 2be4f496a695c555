import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionFactors } from '../../tokens/sessions/session-factors.js';
import { Users } from '../../users/accounts/users.js';
import { FactorStore, type FactorSummary } from '../../users/factors/factor-store.js';
import { factorsErrors } from '../../users/factors/factors.errors.js';
import { RECOVERY_CODE, RecoveryCodes } from '../../users/factors/recovery-codes.js';
import { EnrolmentProof } from './enrolment-proof.js';
import { FactorChanges } from './factor-changes.js';

/** What owners see and change of their own factors. */
@Injectable()
export class OwnFactors {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: FactorChanges,
    private readonly store: FactorStore,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly revocations: Revocations,
    private readonly sessionFactors: SessionFactors,
    private readonly proof: EnrolmentProof,
    private readonly users: Users,
  ) {}

  /** The oldest first; what waits for its first code is not among them. */
  list(userId: string): Promise<FactorSummary[]> {
    return this.store.list(this.dataSource.manager, userId);
  }

  /** Whether the next one that is added takes a proof by mail. */
  isProofNeeded(userId: string): Promise<boolean> {
    return this.proof.isNeeded(this.dataSource.manager, userId);
  }

  async hasPassword(userId: string): Promise<boolean> {
    const account = await this.users.findAccountById(userId);
    return account !== null && account.passwordHash !== null;
  }

  /**
   * @param name null: none
   * @throws LatchkeyError `factors.not_found`, `users.not_found`
   */
  rename(
    principal: Principal,
    id: string,
    name: string | null,
    request: FastifyRequest,
  ): Promise<FactorSummary> {
    const { userId } = principal;
    return this.dataSource.transaction(async (manager) => {
      const change = await this.changes.begin(manager, principal, request);
      if (!(await this.store.rename(manager, userId, id, name))) throw factorsErrors.notFound();
      const renamed = (await this.store.list(manager, userId)).find((factor) => factor.id === id);
      if (renamed === undefined) throw factorsErrors.notFound();
      const details = { kind: renamed.kind, factorId: id };
      await this.changes.tell(manager, change, { action: 'factor.renamed', details });
      return renamed;
    });
  }

  /**
   * Ten new recovery codes; the former ones are worth nothing from then on, and other sessions fall back
   * that one of them has raised.
   *
   * @throws LatchkeyError `factors.none` without an app or a passkey, `users.not_found`
   */
  replaceRecoveryCodes(principal: Principal, request: FastifyRequest): Promise<string[]> {
    const { userId } = principal;
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      const change = await this.changes.begin(manager, principal, request);
      const factors = await this.store.list(manager, userId);
      if (!factors.some(({ kind }) => kind !== 'recovery_codes')) throw factorsErrors.none();
      const codes = await this.recoveryCodes.replace(manager, userId);
      await this.sessionFactors.withdrawElsewhere(transaction, principal, RECOVERY_CODE);
      await this.changes.tell(manager, change, {
        action: 'recovery_codes.made',
        notice: 'recovery-codes-made',
      });
      return codes;
    });
  }
}
