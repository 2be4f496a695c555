import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import type { AuditAction } from '../../audit/audit-action.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { AccountStates } from '../../tokens/one-time/account-states.js';
import { SessionDirectory } from '../../tokens/sessions/session-directory.js';
import { tokensErrors } from '../../tokens/sessions/tokens.errors.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import { FactorStore } from '../../users/factors/factor-store.js';
import { factorsErrors } from '../../users/factors/factors.errors.js';
import type { NoticeName } from '../mail/notice-names.js';
import { Notices } from '../mail/notices.js';
import { FreshSignIn } from '../second-factor/fresh-sign-in.js';

/** Of one account: more than anybody has phones and keys. */
const MAX_FACTORS = 20;

/** Who changes the factors of an account, and from where. */
export interface FactorChange {
  readonly account: SignInAccount;
  readonly actor: Actor;
  /** `Accept-Language` of the owner. */
  readonly languages?: string;
}

interface ToldChange {
  readonly action: AuditAction;
  readonly notice?: NoticeName;
  readonly reason?: string;
  readonly details?: Record<string, unknown>;
}

/** What every change of an account's factors has in common: the lock, the audit trail, the notice. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly accounts: AccountStates,
    private readonly users: Users,
    private readonly store: FactorStore,
    private readonly sessions: SessionDirectory,
    private readonly freshSignIn: FreshSignIn,
    private readonly notices: Notices,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Locks the account, as every sign-in does: none that has begun before the change comes through beside
   * it, and of two changes at once one comes first. Only then it asks whether the session still goes on,
   * and once more for the second factor: the account may have got one since the route was entered.
   *
   * @throws LatchkeyError `users.not_found`, `auth.session_revoked`, `auth.fresh_sign_in_required`
   */
  async begin(
    manager: EntityManager,
    principal: Principal,
    request: FastifyRequest,
  ): Promise<FactorChange> {
    const { userId, sessionId } = principal;
    const account = await this.lock(manager, userId);
    if (!(await this.sessions.isLive(manager, sessionId))) throw tokensErrors.sessionRevoked();
    await this.freshSignIn.requireSecondFactor(principal, manager);
    const languages = request.headers['accept-language'];
    return { account, actor: actorOf(request), ...(languages !== undefined && { languages }) };
  }

  /**
   * That the account can have one more.
   *
   * @throws LatchkeyError `factors.too_many`
   */
  async requireRoom(manager: EntityManager, { account }: FactorChange): Promise<void> {
    const factors = await this.store.list(manager, account.id);
    if (factors.length >= MAX_FACTORS) throw factorsErrors.tooMany();
  }

  /** @throws LatchkeyError `users.not_found` */
  async lock(manager: EntityManager, userId: string): Promise<SignInAccount> {
    await this.accounts.lock(manager, userId);
    const account = await this.users.findAccountById(userId, manager);
    if (account === null) throw usersErrors.notFound();
    return account;
  }

  /** Puts it on record, and has the owner told by mail. */
  async tell(
    manager: EntityManager,
    { account, actor, languages }: FactorChange,
    { action, notice, reason, details }: ToldChange,
  ): Promise<void> {
    await this.audit.record(manager, {
      action,
      actor,
      target: { type: 'user', id: account.id },
      ...(reason !== undefined && { reason }),
      ...(details !== undefined && { details }),
    });
    if (notice !== undefined) {
      await this.notices.put(manager, { notice, account, actor, languages });
    }
  }
}
