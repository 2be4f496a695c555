import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ErrorFactory } from '../errors/define-errors.js';
import { Counters } from './counters.js';
import { FailureStreak, type StreakSettings } from './failure-streak.js';
import { FixedWindow } from './fixed-window.js';
import { judgeAttempt } from './judge-attempt.js';
import { throttleErrors } from './limits.errors.js';
import { type QuotaPolicy, requireAdmitted } from './service-limit.js';

/** What one subject may do in a window of time. */
export interface WindowLimit {
  /**
   * Counts one attempt of the subject, tells the client by `RateLimit` fields where it stands, and
   * ends the request here if it was one too many.
   *
   * @param subject whose attempts are counted together: a user's id, an address
   * @throws LatchkeyError `throttle.too_many_requests`; declare it by `@Throws`
   */
  require(reply: FastifyReply, subject: string): Promise<void>;
}

/** How often in a row one subject may fail, and what then: see `Limits.streak`. */
export interface StreakPolicy extends Partial<StreakSettings> {
  readonly name: string;
  /** What the work throws when the proof was wrong. Whatever else it throws does not count. */
  readonly failure: ErrorFactory;
}

/** How often one subject may fail in a row. */
export interface StreakLimit {
  /**
   * Lets the work judge one attempt, unless the subject is in a pause. The work's failure counts, its
   * success ends the streak. However many attempts come at once, at however many instances, no more are
   * let in than if they came one after another.
   *
   * @param subject whose failures are counted together: an account, a phone number
   * @param work throws the policy's `failure` when the proof is wrong
   * @throws LatchkeyError `throttle.too_many_requests`; declare it by `@Throws`; or what the work throws
   */
  attempt<T>(reply: FastifyReply, subject: string, work: () => Promise<T>): Promise<T>;
}

/** As those of the sign-in by password are by default: docs/throttling.md has the reasons. */
const USUAL_STREAK: StreakSettings = {
  failuresInARow: 10,
  firstPauseSeconds: 30,
  longestPauseSeconds: 900,
  rowSeconds: 86_400,
};

/**
 * Limits of a feature's own, counted in Redis for all instances together, and in the process where
 * there is none. Counting never fails. One name is one limit; they are counted apart from Latchkey's
 * own limits, which may have the same name.
 *
 * @example
 * ```ts
 * constructor(limits: Limits) {
 *   this.exports = limits.window({ name: 'note-exports', quota: 10, windowSeconds: 3_600 });
 *   this.codes = limits.streak({ name: 'phone-codes', failuresInARow: 5, failure: phoneErrors.wrongCode });
 * }
 * …
 * await this.exports.require(reply, user.userId);
 * await this.codes.attempt(reply, user.userId, () => this.phones.confirm(user.userId, code));
 * ```
 */
@Injectable()
export class Limits {
  private readonly names = new Set<string>();

  constructor(private readonly counters: Counters) {}

  /**
   * So many attempts in a window of time that begins with the first, however they end.
   *
   * @param policy its name is what clients see in the `RateLimit` fields
   * @throws Error when there is a limit of this name already
   */
  window(policy: QuotaPolicy): WindowLimit {
    const window = new FixedWindow(this.counters, policy, this.countedAs(policy.name));
    return {
      require: async (reply, subject) => requireAdmitted(reply, await window.count(subject)),
    };
  }

  /**
   * Failures in a row, as Latchkey limits guessing at passwords: from `failuresInARow` (10) on, each one
   * begins a pause, `firstPauseSeconds` (30) at first and twice as long each time, up to
   * `longestPauseSeconds` (900). A success ends the streak; `rowSeconds` (86,400) after its first failure
   * it is forgotten. What is refused during a pause prolongs nothing.
   *
   * @param policy its name is what clients see in the `RateLimit` fields
   * @throws Error when there is a limit of this name already
   */
  streak({ name, failure, ...settings }: StreakPolicy): StreakLimit {
    const asked = { ...USUAL_STREAK, ...settings };
    const limit = new FailureStreak(name, this.counters, asked, undefined, this.countedAs(name));
    const isFailure = failure.is;
    return {
      attempt: (reply, subject, work) =>
        judgeAttempt({ reply, subjects: [{ limit, subject }], isFailure }, async (mayBegin) => {
          if (!(await mayBegin())) throw throttleErrors.tooManyRequests({ retryAfterSeconds: 1 });
          return work();
        }),
    };
  }

  /** What clients are told by its name is counted apart from Latchkey's limit of the same name. */
  private countedAs(name: string): string {
    if (this.names.has(name)) throw new Error(`There is a limit "${name}" already.`);
    this.names.add(name);
    return `feature:${name}`;
  }
}
