import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import type { OneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { Users } from '../../users/accounts/users.js';
import { passwordsErrors } from '../../users/passwords/passwords.errors.js';
import { authErrors } from '../auth.errors.js';
import { TokenDelivery } from '../session/token-delivery.js';
import type { Delivery } from './sign-in.dto.js';
import { SignInFailures } from './sign-in-failures.js';
import { SignInThrottle } from './sign-in-throttle.js';

/** How an attempt to sign in is refused: `@Throws(...signInErrors)`. */
export const signInErrors = [
  authErrors.invalidCredentials,
  authErrors.crossSite,
  authErrors.emailUnverified,
  authErrors.secondFactorRequired,
  passwordsErrors.busy,
  throttleErrors.tooManyRequests,
] as const;

/** What somebody shows, in place of a password, to be let in to the account of an address. */
export interface SignInProof {
  readonly email: string;
  /** As `CompleteSignIn` is told later: another site may not even try where it is the cookie. */
  readonly delivery: Delivery;
  /**
   * Whether it is what the account's owner would show. It is called with null where there is no such
   * account, and should take as long then: the time must not tell which accounts there are.
   */
  readonly isProven: (account: SignInAccount | null) => boolean | Promise<boolean>;
  /** Why it failed, for the audit trail: `wrong_code`. Never what was typed. */
  readonly failure: string;
}

/** What somebody shows that was issued for one account: a link, or a code with the ticket of who asked for it. */
export interface SignInSecret {
  readonly purpose: OneTimePurpose;
  readonly proof: Proof;
  /** As `CompleteSignIn` is told later. */
  readonly delivery: Delivery;
  /** Why it failed, for the audit trail: `wrong_link`. */
  readonly failure: string;
  /** What the client keeps, of a secret that is bound to it. */
  readonly boundTo?: string;
  /** Whether the client may show it: without, any client may, whoever has asked for it. */
  readonly isShownByRight?: (shown: ShownSecret) => boolean;
}

/**
 * Holds a sign-in method of a team's own to the limits of the sign-in by password: failures of both
 * count together, for the account, the device and the address (docs/throttling.md). Of every method,
 * whatever it begins with, it puts failures on record as `sign_in.failed`: `attempt` where somebody says an
 * e-mail address, `attemptSecret` where a one-time secret names the account, `refuse` where anything else does.
 *
 * @example
 * ```ts
 * const account = await this.attempts.attempt(reply, {
 *   email,
 *   delivery,
 *   isProven: (account) => this.codes.match(account?.id, code),
 *   failure: 'wrong_code',
 * });
 * return this.signIn.complete(reply, { account, factors: [DOOR_CODE.shown()], delivery });
 * ```
 */
@Injectable()
export class SignInAttempts {
  constructor(
    private readonly delivery: TokenDelivery,
    private readonly throttle: SignInThrottle,
    private readonly users: Users,
    private readonly failures: SignInFailures,
    private readonly secrets: OneTimeSecrets,
  ) {}

  /**
   * The active account that the proof is for. An unknown address, a wrong proof and a disabled account
   * are one answer.
   *
   * @throws LatchkeyError `auth.invalid_credentials`, `auth.cross_site`, `throttle.too_many_requests`,
   *   and `auth.busy` while other attempts hold what is left of a limit: `@Throws(...signInErrors)`. And
   *   what `isProven` throws, which counts nowhere
   */
  async attempt(reply: FastifyReply, proof: SignInProof): Promise<SignInAccount> {
    this.delivery.requireOwnSite(reply.request, proof.delivery);
    return this.throttle.attempt(reply, proof.email, async ({ mayBegin }) => {
      if ((await mayBegin?.()) === false) throw passwordsErrors.busy({ retryAfterSeconds: 1 });
      const account = await this.users.findForSignIn(proof.email);
      const proven = await proof.isProven(account);
      if (proven && account?.status === 'active') return account;
      return this.refuse(reply, account, reasonOf(account, proven, proof));
    });
  }

  /**
   * The active account that a one-time secret was issued for, and what `OneTimeSecrets.consume` takes in
   * `CompleteSignIn`. A failure is put on record for the account that the ticket or the used link is of, and
   * for nobody otherwise. It counts nowhere: a ticket bears five wrong codes; the route bounds the rest by
   * `Limits.window`.
   *
   * @example
   * ```ts
   * const { account, shown } = await this.attempts.attemptSecret(reply, {
   *   purpose: SMS_CODE, proof: { ticket, code }, delivery, failure: 'wrong_code',
   * });
   * ```
   * @throws LatchkeyError `auth.proof_invalid`, `auth.cross_site`
   */
  async attemptSecret(
    reply: FastifyReply,
    { purpose, proof, delivery, failure, boundTo, isShownByRight }: SignInSecret,
  ): Promise<{ account: SignInAccount; shown: ShownSecret }> {
    this.delivery.requireOwnSite(reply.request, delivery);
    const examined = await this.secrets.examine(purpose, proof, boundTo);
    const userId = examined.shown?.userId ?? null;
    const actor = actorOf(reply.request);
    if (!examined.isGood || isShownByRight?.(examined.shown) === false) {
      // Nothing is looked up: the time must not tell whether a ticket is of an account.
      await this.failures.record(userId === null ? null : { id: userId }, failure, actor);
      throw oneTimeErrors.proofInvalid();
    }
    const account = userId === null ? null : await this.users.findAccountById(userId);
    if (account?.status === 'active') return { account, shown: examined.shown };
    await this.failures.record(account, account === null ? failure : 'account_disabled', actor);
    throw oneTimeErrors.proofInvalid();
  }

  /**
   * Puts a failed sign-in on record, and ends the request.
   *
   * @param account whose it would have been; null: nobody's, or nobody knows
   * @param reason for the audit trail, where it stands as it is: `wrong_code`. Never what was typed
   * @throws LatchkeyError `auth.invalid_credentials`, always
   */
  async refuse(
    reply: FastifyReply,
    account: Pick<SignInAccount, 'id'> | null,
    reason: string,
  ): Promise<never> {
    await this.failures.record(account, reason, actorOf(reply.request));
    throw authErrors.invalidCredentials();
  }
}

function reasonOf(account: SignInAccount | null, proven: boolean, { failure }: SignInProof) {
  if (account === null) return 'unknown_account';
  return proven ? 'account_disabled' : failure;
}
