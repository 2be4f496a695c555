import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressBlock } from '../../audit/address-block.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { RepeatedEvents } from '../../audit/repeated-events.js';
import { Counters } from '../../platform/limits/counters.js';
import { FixedWindow } from '../../platform/limits/fixed-window.js';
import { requireAdmitted } from '../../platform/limits/service-limit.js';
import { tokensErrors } from '../../tokens/sessions/tokens.errors.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';

/**
 * Counts the refreshes of an address by tokens that were never issued. The answer to an authentic
 * token never depends on the address: a valid one is neither counted nor refused and causes no
 * Redis command, and one that was reused, or whose session is over, gets that answer. So a stranger
 * at the same address can neither end nor delay a session.
 */
@Injectable()
export class RefreshThrottle {
  private readonly addresses: FixedWindow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
    private readonly repeated: RepeatedEvents,
  ) {
    this.addresses = new FixedWindow(counters, {
      name: 'refresh-address',
      quota: config.addressRefusedRefreshes,
      windowSeconds: config.addressWindowSeconds,
    });
  }

  /** @throws LatchkeyError `throttle.too_many_requests`, or whatever the work throws */
  async attempt<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
    return work().catch(async (error: unknown) => {
      if (tokensErrors.refreshInvalid.is(error)) {
        this.recordForgery(reply.request);
        if (!this.config.enabled) throw error;
        requireAdmitted(reply, await this.addresses.count(addressBlock(reply.request.ip)));
      }
      throw error;
    });
  }

  private recordForgery(request: FastifyRequest): void {
    const actor = actorOf(request);
    this.repeated.record(addressBlock(actor.ip), {
      action: 'token.forged',
      outcome: 'failure',
      actor,
      details: { code: tokensErrors.refreshInvalid.definition.code },
    });
  }
}
