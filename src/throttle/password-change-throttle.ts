import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Counters } from './counters.js';
import { FailureRow } from './failure-row.js';
import { judgeAttempt } from './judge-attempt.js';
import { requireAdmitted } from './require-admitted.js';
import { ThrottleConfig } from './throttle.config.js';

/**
 * Bounds guessing at the current password by whoever holds somebody's access token. It has nothing
 * to do with the sign-ins of the same account: what strangers try there holds up nobody here.
 */
@Injectable()
export class PasswordChangeThrottle {
  private readonly users: FailureRow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
  ) {
    this.users = new FailureRow('password-change-user', counters, config);
  }

  /** @throws LatchkeyError `throttle.too_many_requests`, or whatever the work throws */
  async attempt<T>(reply: FastifyReply, userId: string, work: () => Promise<T>): Promise<T> {
    if (!this.config.enabled) return work();
    const attempt = await this.users.count(userId);
    requireAdmitted(reply, attempt);
    return judgeAttempt([attempt], work);
  }
}
