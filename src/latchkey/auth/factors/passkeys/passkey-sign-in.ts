import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { actorOf } from '../../../audit/current-actor.decorator.js';
import { Users } from '../../../users/accounts/users.js';
import { authErrors } from '../../auth.errors.js';
import { SameSite } from '../../session/same-site.js';
import type { TokenResponse } from '../../session/session.dto.js';
import { TokenDelivery } from '../../session/token-delivery.js';
import { CompleteSignIn } from '../../sign-in/complete-sign-in.js';
import type { Delivery } from '../../sign-in/sign-in.dto.js';
import { SignInFailures } from '../../sign-in/sign-in-failures.js';
import { PASSKEY_SIGN_IN, PasskeyChallenges } from './passkey-challenges.js';
import { PasskeyJudge } from './passkey-judge.js';
import { PasskeyThrottle } from './passkey-throttle.js';
import type { CeremonyView } from './passkeys.dto.js';
import { RelyingParty } from './relying-party.js';

export interface PasskeyToSignInBy {
  readonly challenge: string;
  readonly credential: Readonly<Record<string, unknown>>;
  readonly delivery: Delivery;
}

/** Signs in by a passkey alone. */
@Injectable()
export class PasskeySignIn {
  constructor(
    private readonly dataSource: DataSource,
    private readonly challenges: PasskeyChallenges,
    private readonly judges: PasskeyJudge,
    private readonly party: RelyingParty,
    private readonly users: Users,
    private readonly failures: SignInFailures,
    private readonly delivery: TokenDelivery,
    private readonly sameSite: SameSite,
    private readonly signIn: CompleteSignIn,
    private readonly throttle: PasskeyThrottle,
  ) {}

  /**
   * What the page hands to `navigator.credentials.get` (WebAuthn Level 3 section 5.5). The same for every caller: it
   * names no account's passkeys (section 14.6.2), the browser offers those that it has.
   *
   * @throws LatchkeyError `auth.cross_site`, `throttle.too_many_requests`
   */
  async begin(reply: FastifyReply): Promise<CeremonyView> {
    this.sameSite.require(reply.request);
    await this.throttle.countChallenge(reply);
    const { token } = await this.challenges.issueForSignIn(this.dataSource.manager, reply);
    const publicKey = {
      challenge: Buffer.from(token).toString('base64url'),
      timeout: PASSKEY_SIGN_IN.lifetimeSeconds * 1_000,
      rpId: this.party.id,
      allowCredentials: [],
      userVerification: 'required',
    };
    return { challenge: token, publicKey };
  }

  /**
   * Challenge and passkey have their effect in the transaction that starts the session: of any number of
   * the same answer at once one signs in.
   *
   * @throws LatchkeyError `auth.cross_site`, `auth.proof_invalid` for a challenge that is over or of
   *   another browser, `auth.passkey_unknown` so that the browser forgets it, `auth.factor_invalid` for whatever
   *   else is wrong, `auth.invalid_credentials`, `auth.email_unverified`, `throttle.too_many_requests`, `auth.busy`
   */
  async complete(reply: FastifyReply, shown: PasskeyToSignInBy): Promise<TokenResponse> {
    this.delivery.requireOwnSite(reply.request, shown.delivery);
    return this.throttle.attempt(reply, () => this.judgeAndComplete(reply, shown));
  }

  private async judgeAndComplete(
    reply: FastifyReply,
    { challenge, credential, delivery }: PasskeyToSignInBy,
  ): Promise<TokenResponse> {
    const { request } = reply;
    const actor = actorOf(request);
    const judged = await this.judges.judge(credential, {
      alone: true,
      check: (token) => this.challenges.checkForSignIn(token === challenge ? token : '', request),
    });
    const account = judged && (await this.users.findAccountById(judged.userId));
    if (judged === null || account?.status !== 'active') {
      await this.failures.record(account ?? null, 'wrong_passkey', actor);
      const isKnown = judged !== null || (await this.judges.knows(credential));
      throw isKnown ? authErrors.factorInvalid() : authErrors.passkeyUnknown();
    }
    return this.signIn.complete(reply, {
      account,
      factors: [judged.shown],
      delivery,
      consume: async (manager) => {
        if (!(await judged.consume(manager, actor))) throw authErrors.factorInvalid();
      },
    });
  }
}
