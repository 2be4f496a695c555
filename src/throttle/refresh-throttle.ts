import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../audit/address-block.js';
import { LatchkeyError } from '../errors/latchkey-error.js';
import { tokensErrors } from '../tokens/tokens.errors.js';
import { Counters } from './counters.js';
import { FixedWindow } from './fixed-window.js';
import { requireAdmitted } from './require-admitted.js';
import { ThrottleConfig } from './throttle.config.js';

/**
 * Counts the refreshes of an address by tokens that were never issued. What is said of an authentic
 * token never depends on the address: a good one is not counted, not refused and asks Redis nothing,
 * and the holder of one whose session is over, or that was reused, is told so. Nobody loses a live
 * session, or waits to learn that theirs has ended, for a stranger at the same address.
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
      if (isForged(error)) {
        requireAdmitted(reply, await this.addresses.count(addressBlock(reply.request.ip)));
      }
      throw error;
    });
  }
}

function isForged(error: unknown): boolean {
  return (
    error instanceof LatchkeyError && error.definition === tokensErrors.refreshInvalid.definition
  );
}
