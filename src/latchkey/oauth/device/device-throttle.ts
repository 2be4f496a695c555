import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../../audit/address-block.js';
import { RequestQuota } from '../../auth/throttling/request-quota.js';
import { ThrottleConfig } from '../../auth/throttling/throttle.config.js';
import { Counters } from '../../platform/limits/counters.js';

/**
 * Bounds guesses at user codes (RFC 8628 section 5.1), for each account: nobody shuts out anybody else. And how many
 * devices an address begins to sign in.
 */
@Injectable()
export class DeviceThrottle {
  private readonly devices: RequestQuota;
  private readonly codes: RequestQuota;

  constructor(counters: Counters, config: ThrottleConfig) {
    this.devices = new RequestQuota(counters, config, {
      name: 'device-address',
      quota: config.addressExternalStarts,
    });
    this.codes = new RequestQuota(counters, config, {
      name: 'device-code-user',
      quota: config.userDeviceCodes,
    });
  }

  /** @throws LatchkeyError `throttle.too_many_requests` */
  countDevice(reply: FastifyReply): Promise<void> {
    return this.devices.require(reply, addressBlock(reply.request.ip));
  }

  /** Right or wrong. @throws LatchkeyError `throttle.too_many_requests` */
  countCode(reply: FastifyReply, userId: string): Promise<void> {
    return this.codes.require(reply, userId);
  }
}
