import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';
import type { JudgedFactor } from '../../tokens/assurance/second-factors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { Users } from '../../users/accounts/users.js';
import { authErrors } from '../auth.errors.js';
import type { TokenResponse } from '../session/session.dto.js';
import { TokenDelivery } from '../session/token-delivery.js';
import { CompleteSignIn } from '../sign-in/complete-sign-in.js';
import { SignInFailures } from '../sign-in/sign-in-failures.js';
import type { SecondFactorBody } from './second-factor.dto.js';
import { SECOND_FACTOR, SecondFactorChallenges } from './second-factor-challenges.js';
import { SecondFactorThrottle } from './second-factor-throttle.js';

/** Goes on with a sign-in that was answered by a challenge. */
@Injectable()
export class SecondFactorSignIn {
  constructor(
    private readonly secrets: OneTimeSecrets,
    private readonly challenges: SecondFactorChallenges,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly throttle: SecondFactorThrottle,
    private readonly users: Users,
    private readonly failures: SignInFailures,
    private readonly delivery: TokenDelivery,
    private readonly signIn: CompleteSignIn,
  ) {}

  /**
   * Challenge and factor are consumed in the transaction that starts the session: of any number at once
   * one signs in. A wrong factor leaves the challenge good.
   *
   * @throws LatchkeyError `auth.cross_site`, `auth.proof_invalid` for a challenge that is over,
   *   `auth.factor_invalid`, `factors.locked`, `auth.invalid_credentials` when the account changes meanwhile,
   *   `throttle.too_many_requests`, `auth.busy`
   */
  async complete(reply: FastifyReply, body: SecondFactorBody): Promise<TokenResponse> {
    const { challenge, delivery } = body;
    this.delivery.requireOwnSite(reply.request, delivery);
    const shown = await this.secrets.check(SECOND_FACTOR, { token: challenge });
    const account = shown.userId === null ? null : await this.users.findAccountById(shown.userId);
    if (account?.status !== 'active') throw oneTimeErrors.proofInvalid();
    const { factors, data } = this.challenges.pendingOf(shown);
    return this.throttle.attempt(reply, account, async () => {
      const judged = await this.judge(reply, account, body);
      return this.signIn.complete(reply, {
        account,
        factors: [...factors, judged.shown],
        delivery,
        data,
        consume: async (manager) => {
          await this.secrets.consume(manager, shown);
          if (!(await judged.consume(manager))) throw authErrors.factorInvalid();
        },
      });
    });
  }

  private async judge(
    { request }: FastifyReply,
    account: SignInAccount,
    { method, code, credential }: SecondFactorBody,
  ): Promise<JudgedFactor> {
    const attempt = { userId: account.id, actor: actorOf(request), method, code, credential };
    const judged = await this.secondFactors.judge(attempt);
    if (judged !== null) return judged;
    await this.failures.record(account, 'wrong_second_factor', actorOf(request));
    throw authErrors.factorInvalid();
  }
}
