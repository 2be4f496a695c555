import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '../../access/principal.js';
import { Clock } from '../../platform/clock/clock.js';
import { Counters } from '../../platform/limits/counters.js';
import { FailureStreak } from '../../platform/limits/failure-streak.js';
import {
  judgeAttempt,
  type LimitedSubject,
  type LimitedSubjects,
} from '../../platform/limits/judge-attempt.js';
import { JudgedWindow } from '../../platform/limits/judged-window.js';
import type { PasswordCheck } from '../../users/passwords/hashing/password-check.js';
import { authErrors } from '../auth.errors.js';
import { laneOf } from '../throttling/lane-of.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';

/** Long enough to find the form after signing in, and soon over for the thief of a token. */
const FRESH_SECONDS = 600;
/** Limits sign-ins that show no password: so many fresh sessions have a row of their own. */
const FRESH_ROWS = 10;

type Caller = Pick<Principal, 'userId' | 'sessionId' | 'authTime'>;

/**
 * Bounds guessing at the current password with a stolen access token. Failures count for the
 * session, and for a streak that all sessions of the user share, except those that have just signed
 * in. So a thief who guesses cannot keep the owner from changing the password: the owner signs in
 * again. Failed sign-ins do not count here.
 */
@Injectable()
export class PasswordChangeThrottle {
  private readonly sessions: FailureStreak;
  private readonly users: FailureStreak;
  private readonly freshSessions: JudgedWindow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
    private readonly clock: Clock,
  ) {
    const { failuresInARow, rowSeconds } = config;
    this.sessions = new FailureStreak('password-change-session', counters, config);
    this.users = new FailureStreak('password-change-user', counters, config);
    this.freshSessions = new JudgedWindow(counters, {
      name: 'password-change-fresh',
      quota: FRESH_ROWS * failuresInARow,
      windowSeconds: rowSeconds,
    });
  }

  /**
   * @param work checks the password, by the check that it is given
   * @throws LatchkeyError `throttle.too_many_requests`, or whatever the work throws
   */
  async attempt<T>(
    reply: FastifyReply,
    caller: Caller,
    work: (check: PasswordCheck) => Promise<T>,
  ): Promise<T> {
    const lane = laneOf('known', reply.request.ip, caller.userId);
    if (!this.config.enabled) return work({ lane });
    const { is: isFailure } = authErrors.invalidCredentials;
    const subjects = this.subjectsOf(caller);
    return judgeAttempt({ reply, subjects, isFailure }, (mayBegin) => work({ lane, mayBegin }));
  }

  /** What refuses the sessions of an account that began longer ago, and those that have just begun. */
  ofUser(userId: string): LimitedSubject[] {
    return [this.users, this.freshSessions].map((limit) => ({ limit, subject: userId }));
  }

  private subjectsOf(caller: Caller): LimitedSubjects {
    return [
      { limit: this.sessions, subject: caller.sessionId },
      { limit: this.isFresh(caller) ? this.freshSessions : this.users, subject: caller.userId },
    ];
  }

  private isFresh({ authTime }: Caller): boolean {
    return this.clock.now() / 1_000 - authTime < FRESH_SECONDS;
  }
}
