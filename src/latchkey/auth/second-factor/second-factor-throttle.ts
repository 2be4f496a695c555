import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Counters } from '../../platform/limits/counters.js';
import { FailureStreak } from '../../platform/limits/failure-streak.js';
import { judgeAttempt, type LimitedSubject } from '../../platform/limits/judge-attempt.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { passwordsErrors } from '../../users/passwords/passwords.errors.js';
import { authErrors } from '../auth.errors.js';
import { KnownDevices } from '../sign-in/known-devices.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';

/**
 * Bounds guessing at second factors (NIST SP 800-63B-4 section 3.2.2), apart from passwords: only who has
 * shown the first factor gets here, so no stranger can shut the owner out. Who has stolen the password
 * cannot either: a device that the account has signed in from, since it has had the factor, has a row of its
 * own. Who has stolen an access token guesses in that session alone.
 */
@Injectable()
export class SecondFactorThrottle {
  private readonly accounts: FailureStreak;
  private readonly devices: FailureStreak;
  private readonly sessions: FailureStreak;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
    private readonly knownDevices: KnownDevices,
  ) {
    this.accounts = new FailureStreak('second-factor-account', counters, config);
    this.sessions = new FailureStreak('second-factor-session', counters, config);
    this.devices = new FailureStreak('second-factor-device', counters, config);
  }

  /** What refuses at an account those who come from no device that it knows. */
  ofAccount(userId: string): LimitedSubject {
    return { limit: this.accounts, subject: userId };
  }

  /**
   * At a sign-in.
   *
   * @param work throws `auth.factor_invalid` for a wrong one
   * @throws LatchkeyError `throttle.too_many_requests`, `auth.busy` while other attempts hold what is left
   *   of a limit, or whatever the work throws
   */
  async attempt<T>(
    reply: FastifyReply,
    { id, email }: Pick<SignInAccount, 'id' | 'email'>,
    work: () => Promise<T>,
  ): Promise<T> {
    if (!this.config.enabled) return work();
    const device = await this.knownDevices.find(reply.request, email);
    const subject =
      device === null
        ? { limit: this.accounts, subject: id }
        : { limit: this.devices, subject: device };
    return this.judge(reply, subject, work);
  }

  /** The same in a session, which the caller has shown a token of. */
  async attemptInSession<T>(
    reply: FastifyReply,
    sessionId: string,
    work: () => Promise<T>,
  ): Promise<T> {
    if (!this.config.enabled) return work();
    return this.judge(reply, { limit: this.sessions, subject: sessionId }, work);
  }

  private judge<T>(
    reply: FastifyReply,
    subject: LimitedSubject,
    work: () => Promise<T>,
  ): Promise<T> {
    const { is: isFailure } = authErrors.factorInvalid;
    return judgeAttempt({ reply, subjects: [subject], isFailure }, async (mayBegin) => {
      if (!(await mayBegin())) throw passwordsErrors.busy({ retryAfterSeconds: 1 });
      return work();
    });
  }
}
