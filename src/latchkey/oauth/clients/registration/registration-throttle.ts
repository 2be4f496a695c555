import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../../../audit/address-block.js';
import { RequestQuota } from '../../../auth/throttling/request-quota.js';
import { ThrottleConfig } from '../../../auth/throttling/throttle.config.js';
import { Counters } from '../../../platform/limits/counters.js';

/** Bounds how often an address asks to be registered, whatever comes of it. */
@Injectable()
export class RegistrationThrottle {
  private readonly addresses: RequestQuota;

  constructor(counters: Counters, config: ThrottleConfig) {
    this.addresses = new RequestQuota(counters, config, {
      name: 'client-registration-address',
      quota: config.addressRegistrations,
    });
  }

  /** @throws LatchkeyError `throttle.too_many_requests` */
  count(reply: FastifyReply): Promise<void> {
    return this.addresses.require(reply, addressBlock(reply.request.ip));
  }
}
