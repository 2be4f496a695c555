import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { AccessTokens } from '../../tokens/access-tokens/access-tokens.js';
import { PASSWORD } from '../../tokens/assurance/factor.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';
import type { JudgedFactor } from '../../tokens/assurance/second-factors.js';
import { AccountStates } from '../../tokens/one-time/account-states.js';
import { SessionFactors } from '../../tokens/sessions/session-factors.js';
import { tokensErrors } from '../../tokens/sessions/tokens.errors.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import type { PasswordCheck } from '../../users/passwords/hashing/password-check.js';
import { PasswordHasher } from '../../users/passwords/hashing/password-hasher.js';
import { PasswordChangeThrottle } from '../account/password-change-throttle.js';
import { authErrors } from '../auth.errors.js';
import type { StepUpBody, StepUpResponse } from './second-factor.dto.js';
import { SecondFactorThrottle } from './second-factor-throttle.js';

export const PASSWORD_METHOD = 'password';

/** Shows a factor again, or another one, in a session that goes on (RFC 9470). */
@Injectable()
export class StepUp {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: Users,
    private readonly hasher: PasswordHasher,
    private readonly passwordThrottle: PasswordChangeThrottle,
    private readonly factorThrottle: SecondFactorThrottle,
    private readonly accounts: AccountStates,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly sessionFactors: SessionFactors,
    private readonly accessTokens: AccessTokens,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Guesses at the password count with those at `POST /auth/password/change`, guesses at another factor
   * for this session alone.
   *
   * @throws LatchkeyError `auth.invalid_credentials` for a wrong password, `auth.factor_invalid` for
   *   another factor, `factors.locked`, `auth.session_revoked` when the session has ended meanwhile, `users.not_found`,
   *   `throttle.too_many_requests`, `auth.busy`
   */
  async stepUp(
    reply: FastifyReply,
    principal: Principal,
    body: StepUpBody,
  ): Promise<StepUpResponse> {
    const account = await this.users.findAccountById(principal.userId);
    if (account === null) throw usersErrors.notFound();
    const actor = actorOf(reply.request);
    if (body.method !== PASSWORD_METHOD) {
      return this.factorThrottle.attemptInSession(reply, principal.sessionId, async () => {
        const judged = await this.judge(account, body, actor);
        return this.raise(principal, judged, body.method, actor);
      });
    }
    return this.passwordThrottle.attempt(reply, principal, async (check) => {
      await this.requirePassword(account, body.password, check, actor);
      const judged = { shown: PASSWORD.shown(), consume: async () => true };
      return this.raise(principal, judged, body.method, actor);
    });
  }

  private async requirePassword(
    account: SignInAccount,
    password: string | undefined,
    check: PasswordCheck,
    actor: Actor,
  ): Promise<void> {
    const matches = await this.hasher.verify(account.passwordHash, password ?? '', check);
    if (matches) return;
    await this.recordFailure('wrong_password', PASSWORD_METHOD, actor);
    throw authErrors.invalidCredentials();
  }

  private async judge(
    { id: userId }: SignInAccount,
    { method, code, credential }: StepUpBody,
    actor: Actor,
  ): Promise<JudgedFactor> {
    const attempt = { userId, actor, method, code, credential };
    const judged = await this.secondFactors.judge(attempt);
    if (judged !== null) return judged;
    await this.recordFailure('wrong_second_factor', method, actor);
    throw authErrors.factorInvalid();
  }

  /** The factor is consumed and kept, and the event recorded, together. */
  private raise(
    { sessionId, userId }: Principal,
    judged: JudgedFactor,
    method: string,
    actor: Actor,
  ): Promise<StepUpResponse> {
    return this.dataSource.transaction(async (manager) => {
      // First, as whoever changes a factor does.
      await this.accounts.lock(manager, userId);
      if (!(await judged.consume(manager))) throw authErrors.factorInvalid();
      const session = await this.sessionFactors.show(manager, { sessionId, userId }, judged.shown);
      const current = session && (await this.users.findFacts(userId, manager));
      if (!session || !current) throw tokensErrors.sessionRevoked();
      await this.audit.record(manager, {
        action: 'session.stepped_up',
        actor,
        target: { type: 'session', id: sessionId },
        details: { method, acr: session.acr },
      });
      const { accessToken, expiresIn } = await this.accessTokens.issue(
        session,
        current.facts,
        manager,
      );
      return { accessToken, tokenType: 'Bearer', expiresIn };
    });
  }

  private async recordFailure(reason: string, method: string, actor: Actor): Promise<void> {
    await this.audit.record(this.dataSource.manager, {
      action: 'session.stepped_up',
      outcome: 'failure',
      actor,
      target: { type: 'session', id: actor.sessionId ?? '' },
      reason,
      details: { method },
    });
  }
}
