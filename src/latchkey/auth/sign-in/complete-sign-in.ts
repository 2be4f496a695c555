import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import type { ShownFactor } from '../../tokens/assurance/factor.js';
import type { RevokingTransaction } from '../../tokens/revocation/revocations.js';
import type { NamedSessionData } from '../../tokens/sessions/session-data.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { AuthConfig } from '../auth.config.js';
import { authErrors } from '../auth.errors.js';
import type { TokenResponse } from '../session/session.dto.js';
import { SsoBrowser } from '../session/sso-browser.js';
import { TokenDelivery } from '../session/token-delivery.js';
import { KnownDevices } from './known-devices.js';
import { PasswordSignIn } from './password-sign-in.js';
import type { Delivery } from './sign-in.dto.js';
import { SignInFailures } from './sign-in-failures.js';
import { StartSession } from './start-session.js';

/** Somebody has shown who they are. */
export interface ShownIdentity {
  /** As it was when it was authenticated. */
  readonly account: SignInAccount;
  /** What was shown: `[DOOR_CODE.shown()]`, of `defineFactor`. */
  readonly factors: readonly ShownFactor[];
  /** How the refresh token is to reach the client: in the session cookie, or in the body. */
  readonly delivery: Delivery;
  /** What features keep in the session: `tenancy.with({ tenant })`, of `defineSessionData`. */
  readonly data?: readonly NamedSessionData[];
  /** The password, where it was one of the factors: its hash is renewed if it was made at another cost. */
  readonly password?: string;
  /**
   * That what was shown is good in this browser alone, by a cookie of ours: the request may come from another
   * site then, which has sent the browser back.
   */
  readonly boundToBrowser?: boolean;
  /** Makes the proof worthless, in the transaction that begins the session; what it throws undoes both. */
  readonly consume?: (manager: EntityManager) => Promise<unknown>;
  /** The same where the proof changes the account as well; returns it as it is from then on. */
  readonly prove?: (transaction: RevokingTransaction) => Promise<SignInAccount>;
}

/**
 * The one end of every sign-in, whatever the method: a team's own method finds out whose account it
 * is, and leaves the rest to this. It refuses to set a cookie for another site, asks for a verified address
 * where one is required, looks once more
 * whether the account may sign in, asks for its second factor if it has one, starts a session and puts
 * it on record, tells the owner by mail when
 * the device is new, remembers the device, and hands over the tokens.
 *
 * @example
 * ```ts
 * const account = await this.attempts.attempt(reply, {
 *   email, delivery, failure: 'wrong_code',
 *   isProven: (account) => this.codes.redeem(account?.id, code),
 * });
 * return this.signIn.complete(reply, { account, factors: [DOOR_CODE.shown()], delivery });
 * ```
 */
@Injectable()
export class CompleteSignIn {
  constructor(
    private readonly startSession: StartSession,
    private readonly passwordSignIn: PasswordSignIn,
    private readonly knownDevices: KnownDevices,
    private readonly delivery: TokenDelivery,
    private readonly config: AuthConfig,
    private readonly failures: SignInFailures,
    private readonly ssoBrowser: SsoBrowser,
  ) {}

  /**
   * @param reply of the request by which they sign in; the session cookie and the device's go with it
   * @throws LatchkeyError `auth.cross_site` before anything has been done, for a cookie that another
   *   site would plant; `auth.invalid_credentials` when the account has been disabled, deleted or
   *   given another password since; `auth.email_unverified` with `EMAIL_VERIFICATION=required`; `auth.second_factor_required` with a challenge: no session has begun,
   *   no cookie is set and no device remembered; `sessions.data_unfit`; whatever `consume` throws
   */
  async complete(
    reply: FastifyReply,
    { delivery, password, prove, boundToBrowser = false, ...identity }: ShownIdentity,
  ): Promise<TokenResponse> {
    const { request } = reply;
    let { account } = identity;
    if (!boundToBrowser) this.delivery.requireOwnSite(request, delivery);
    const actor = actorOf(request);
    if (prove === undefined) await this.requireVerified(account, actor);
    const isKnown = this.knownDevices.knows(request, account);
    const newDevice = isKnown ? undefined : { languages: request.headers['accept-language'] };
    const proving = prove && {
      prove: async (transaction: RevokingTransaction) => {
        account = await prove(transaction);
        await this.requireVerified(account, actor);
        return account;
      },
    };
    const started = await this.startSession.start({ ...identity, ...proving, actor, newDevice });
    if (password !== undefined) await this.passwordSignIn.renewHash(account, password);
    if ('challenge' in started) {
      throw authErrors.secondFactorRequired({ members: { ...started } });
    }
    this.knownDevices.remember(reply, account);
    if (delivery === 'cookie') await this.ssoBrowser.remember(reply, started.session);
    return this.delivery.send(reply, started, delivery);
  }

  private async requireVerified(account: SignInAccount, actor: Actor): Promise<void> {
    if (this.config.emailVerification !== 'required' || account.emailVerified) return;
    await this.failures.record(account, 'email_unverified', actor);
    throw authErrors.emailUnverified();
  }
}
