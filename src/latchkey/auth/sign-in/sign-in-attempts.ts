import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
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

/**
 * Holds a sign-in method of a team's own to the limits of the sign-in by password: failures of both
 * count together, for the account, the device and the address (docs/throttling.md), and are put on
 * record as `sign_in.failed`.
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
      await this.failures.record(account, reasonOf(account, proven, proof), actorOf(reply.request));
      throw authErrors.invalidCredentials();
    });
  }
}

function reasonOf(account: SignInAccount | null, proven: boolean, { failure }: SignInProof) {
  if (account === null) return 'unknown_account';
  return proven ? 'account_disabled' : failure;
}
