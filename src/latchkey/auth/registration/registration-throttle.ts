import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../../audit/address-block.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { Counters } from '../../platform/limits/counters.js';
import { JudgedWindow } from '../../platform/limits/judged-window.js';
import { requireAdmitted } from '../../platform/limits/service-limit.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import type { Lane } from '../../users/passwords/hashing/password-check.js';
import { passwordsErrors } from '../../users/passwords/passwords.errors.js';
import { laneOf } from '../throttling/lane-of.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';

/**
 * Bounds how many accounts an address makes, and how many passwords it has hashed for them or judged
 * by rules of the extending team's own, which may call another service. One that is taken counts
 * like one that is not.
 */
@Injectable()
export class RegistrationThrottle {
  private readonly addresses: JudgedWindow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
  ) {
    this.addresses = new JudgedWindow(counters, {
      name: 'registration-address',
      quota: config.addressRegistrations,
      windowSeconds: config.addressWindowSeconds,
    });
  }

  /**
   * An attempt counts once it has made an account, or found the address taken. Until then others
   * may have to come back for its place.
   *
   * @param work from when it calls `keep`, the attempt counts however it ends; its hash waits in the
   *   lane
   * @throws LatchkeyError `throttle.too_many_requests`, `auth.busy`, or whatever the work throws
   */
  async attempt<T>(
    reply: FastifyReply,
    email: string,
    work: (keep: () => void, lane: Lane) => Promise<T>,
  ): Promise<T> {
    const { ip } = reply.request;
    const lane = laneOf('stranger', ip, emailKey(email));
    let kept = false;
    const keep = () => {
      kept = true;
    };
    if (!this.config.enabled) return work(keep, lane);
    const attempt = await this.addresses.reserve(addressBlock(ip));
    requireAdmitted(reply, { admitted: attempt.outcome !== 'refused', limit: attempt.limit });
    if (attempt.outcome !== 'admitted') throw passwordsErrors.busy({ retryAfterSeconds: 1 });
    const result = await work(keep, lane).catch(async (error: unknown) => {
      if (kept || usersErrors.emailTaken.is(error)) await attempt.count();
      else await attempt.withdraw();
      throw error;
    });
    await attempt.count();
    return result;
  }
}
