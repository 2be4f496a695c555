import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../../../audit/address-block.js';
import { Counters } from '../../../platform/limits/counters.js';
import { judgeAttempt } from '../../../platform/limits/judge-attempt.js';
import { JudgedWindow } from '../../../platform/limits/judged-window.js';
import { passwordsErrors } from '../../../users/passwords/passwords.errors.js';
import { authErrors } from '../../auth.errors.js';
import { ThrottledSignIns } from '../../sign-in/sign-in-failures.js';
import { RequestQuota } from '../../throttling/request-quota.js';
import { ThrottleConfig } from '../../throttling/throttle.config.js';

/**
 * Bounds what strangers make of sign-ins by passkey: challenges, and answers that are refused. There is
 * nothing to guess at, and so no account to shut anybody out of; but each refusal costs a signature and an
 * event.
 */
@Injectable()
export class PasskeyThrottle {
  private readonly challenges: RequestQuota;
  private readonly failures: JudgedWindow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
    private readonly throttled: ThrottledSignIns,
  ) {
    this.challenges = new RequestQuota(counters, config, {
      name: 'passkey-challenge-address',
      quota: config.addressPasskeyChallenges,
    });
    this.failures = new JudgedWindow(counters, {
      name: 'passkey-address',
      quota: config.addressFailedSignIns,
      windowSeconds: config.addressWindowSeconds,
    });
  }

  /** @throws LatchkeyError `throttle.too_many_requests` */
  countChallenge(reply: FastifyReply): Promise<void> {
    return this.challenges.require(reply, addressBlock(reply.request.ip));
  }

  /**
   * @param work throws `auth.factor_invalid` or `auth.passkey_unknown` for an answer that is refused
   * @throws LatchkeyError `throttle.too_many_requests`, `auth.busy` while other attempts hold what is left
   *   of the limit, or whatever the work throws
   */
  async attempt<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
    if (!this.config.enabled) return work();
    const { request } = reply;
    const subject = { limit: this.failures, subject: addressBlock(request.ip) };
    return judgeAttempt(
      {
        reply,
        subjects: [subject],
        isFailure: (error) =>
          authErrors.factorInvalid.is(error) || authErrors.passkeyUnknown.is(error),
        onLimitReached: (limit) => this.throttled.record(request, limit),
      },
      async (mayBegin) => {
        if (!(await mayBegin())) throw passwordsErrors.busy({ retryAfterSeconds: 1 });
        return work();
      },
    );
  }
}
