import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../../audit/address-block.js';
import { SsoBrowser } from '../../auth/session/sso-browser.js';
import { RequestQuota } from '../../auth/throttling/request-quota.js';
import { ThrottleConfig } from '../../auth/throttling/throttle.config.js';
import { Counters } from '../../platform/limits/counters.js';

/**
 * Bounds the requests to sign out. Browsers in which somebody is signed in have a quota each: whatever others do at
 * their address, they can sign out.
 */
@Injectable()
export class SignOutThrottle {
  private readonly requests: RequestQuota;

  constructor(
    private readonly browser: SsoBrowser,
    counters: Counters,
    config: ThrottleConfig,
  ) {
    const quota = config.addressAuthorizations;
    this.requests = new RequestQuota(counters, config, { name: 'sign-out', quota });
  }

  /** @throws LatchkeyError `throttle.too_many_requests` */
  async count(reply: FastifyReply): Promise<void> {
    const session = await this.browser.find(reply.request);
    await this.requests.require(reply, session?.id ?? addressBlock(reply.request.ip));
  }
}
