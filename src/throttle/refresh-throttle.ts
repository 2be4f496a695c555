import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from './address-block.js';
import { Counters } from './counters.js';
import { FixedWindow } from './fixed-window.js';
import { isFailedAttempt } from './judge-attempt.js';
import { requireAdmitted } from './require-admitted.js';
import { ThrottleConfig } from './throttle.config.js';

/**
 * Counts the refreshes of an address that are refused. One that is good is never counted, never
 * refused and asks Redis nothing: nobody loses a live session to a stranger at the same address.
 */
@Injectable()
export class RefreshThrottle {
  private readonly addresses: FixedWindow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
  ) {
    this.addresses = new FixedWindow(counters, {
      name: 'refresh-address',
      quota: config.addressRefusedRefreshes,
      windowSeconds: config.addressWindowSeconds,
    });
  }

  /** @throws LatchkeyError `throttle.too_many_requests`, or whatever the work throws */
  async attempt<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
    if (!this.config.enabled) return work();
    return work().catch(async (error: unknown) => {
      if (isFailedAttempt(error)) {
        requireAdmitted(reply, await this.addresses.count(addressBlock(reply.request.ip)));
      }
      throw error;
    });
  }
}
