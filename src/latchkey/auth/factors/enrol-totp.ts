import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import { MailConfig } from '../../platform/mail/mail.config.js';
import { SessionFactors } from '../../tokens/sessions/session-factors.js';
import { FactorStore } from '../../users/factors/factor-store.js';
import { RecoveryCodes } from '../../users/factors/recovery-codes.js';
import { base32, totpUri } from '../../users/factors/totp.js';
import { TOTP, TotpFactors } from '../../users/factors/totp-factors.js';
import { EnrolmentProof, type ShownMailProof } from './enrolment-proof.js';
import { FactorChanges } from './factor-changes.js';

/** What an authenticator app is told, once. */
export interface BegunTotp {
  readonly id: string;
  readonly secret: string;
  readonly uri: string;
}

/** What the owner shows who adds an app: a code of it, and for the first factor that they read the mail. */
export interface ShownFirst {
  readonly code: string;
  readonly proof?: ShownMailProof;
}

/** Adds an authenticator app to the caller's account, in two steps. */
@Injectable()
export class EnrolTotp {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: FactorChanges,
    private readonly store: FactorStore,
    private readonly totps: TotpFactors,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly sessionFactors: SessionFactors,
    private readonly mail: MailConfig,
    private readonly proof: EnrolmentProof,
  ) {}

  /**
   * The app counts for nothing until it has shown a code. Asking again ends what waited.
   *
   * @throws LatchkeyError `factors.too_many`, `users.not_found`
   */
  begin(principal: Principal, request: FastifyRequest): Promise<BegunTotp> {
    const { userId } = principal;
    return this.dataSource.transaction(async (manager) => {
      const change = await this.changes.begin(manager, principal, request);
      await this.changes.requireRoom(manager, change);
      const { id, seed } = await this.totps.begin(manager, userId);
      return {
        id,
        secret: base32(seed),
        uri: totpUri(this.mail.brandName, change.account.email, seed),
      };
    });
  }

  /**
   * From now on the account is asked for it, and the caller's session counts as one in which it has been
   * shown. Where there were no recovery codes, they are made.
   *
   * @returns the recovery codes; none where the account had some
   * @throws LatchkeyError `factors.not_found`, `factors.code_invalid`, `factors.too_many`,
   *   `factors.mail_proof_needed`, `auth.proof_invalid`, `users.not_found`
   */
  async confirm(
    principal: Principal,
    id: string,
    { code, proof }: ShownFirst,
    request: FastifyRequest,
  ): Promise<string[] | undefined> {
    const { userId, sessionId } = principal;
    const proven = await this.proof.check(principal, proof);
    return this.dataSource.transaction(async (manager) => {
      const change = await this.changes.begin(manager, principal, request);
      await this.changes.requireRoom(manager, change);
      const isFirst = await this.proof.isNeeded(manager, userId);
      await this.totps.confirm(manager, userId, id, code);
      if (isFirst) await this.proof.consume(manager, change, proven);
      await this.sessionFactors.show(manager, { sessionId, userId }, TOTP.shown(id));
      await this.changes.tell(manager, change, {
        action: 'factor.added',
        notice: 'factor-added',
        details: { kind: 'totp', factorId: id },
      });
      const factors = await this.store.list(manager, userId);
      if (factors.some(({ kind }) => kind === 'recovery_codes')) return undefined;
      const codes = await this.recoveryCodes.replace(manager, userId);
      await this.changes.tell(manager, change, {
        action: 'recovery_codes.made',
        notice: 'recovery-codes-made',
      });
      return codes;
    });
  }
}
