import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../audit/address-block.js';
import { Counters } from './counters.js';
import { FixedWindow } from './fixed-window.js';
import { requireAdmitted } from './require-admitted.js';
import { ThrottleConfig } from './throttle.config.js';

const INTROSPECTION_WINDOW_SECONDS = 60;

/**
 * Bounds how often an address is answered, and put on record, that it has failed to be a client, and
 * how many tokens a client may ask about.
 */
@Injectable()
export class ClientThrottle {
  private readonly addresses: FixedWindow;
  private readonly introspections: FixedWindow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
  ) {
    this.addresses = new FixedWindow(counters, {
      name: 'client-address',
      quota: config.addressRefusedClients,
      windowSeconds: config.addressWindowSeconds,
    });
    this.introspections = new FixedWindow(counters, {
      name: 'introspection-client',
      quota: config.clientIntrospections,
      windowSeconds: INTROSPECTION_WINDOW_SECONDS,
    });
  }

  /**
   * A client has failed to authenticate. One that succeeds is never refused for what others do at
   * its address.
   *
   * @throws LatchkeyError `throttle.too_many_requests`
   */
  async refused(reply: FastifyReply): Promise<void> {
    if (!this.config.enabled) return;
    requireAdmitted(reply, await this.addresses.count(addressBlock(reply.request.ip)));
  }

  /** @throws LatchkeyError `throttle.too_many_requests` */
  async countIntrospection(reply: FastifyReply, clientId: string): Promise<void> {
    if (!this.config.enabled) return;
    requireAdmitted(reply, await this.introspections.count(clientId));
  }
}
