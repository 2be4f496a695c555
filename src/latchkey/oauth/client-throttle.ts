import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../audit/address-block.js';
import { ThrottleConfig } from '../auth/throttling/throttle.config.js';
import { Counters } from '../platform/limits/counters.js';
import { FixedWindow } from '../platform/limits/fixed-window.js';
import { requireAdmitted } from '../platform/limits/service-limit.js';

const CLIENT_WINDOW_SECONDS = 60;

/**
 * Bounds how often an address is answered, and put on record, that it has failed to be a client, and
 * how many tokens a client may ask for, ask about and revoke, and how many requests it may push.
 */
@Injectable()
export class ClientThrottle {
  private readonly addresses: FixedWindow;
  private readonly introspections: FixedWindow;
  private readonly tokens: FixedWindow;
  private readonly revocations: FixedWindow;
  private readonly pushes: FixedWindow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
  ) {
    this.addresses = new FixedWindow(counters, {
      name: 'client-address',
      quota: config.addressRefusedClients,
      windowSeconds: config.addressWindowSeconds,
    });
    const ofClient = (name: string, quota: number) =>
      new FixedWindow(counters, { name, quota, windowSeconds: CLIENT_WINDOW_SECONDS });
    this.introspections = ofClient('introspection-client', config.clientIntrospections);
    this.tokens = ofClient('token-client', config.clientTokens);
    this.pushes = ofClient('pushed-request-client', config.clientTokens);
    this.revocations = ofClient('revocation-client', config.clientRevocations);
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
  countIntrospection(reply: FastifyReply, clientId: string): Promise<void> {
    return this.count(reply, this.introspections, clientId);
  }

  /** @throws LatchkeyError `throttle.too_many_requests` */
  countToken(reply: FastifyReply, clientId: string): Promise<void> {
    return this.count(reply, this.tokens, clientId);
  }

  /** @throws LatchkeyError `throttle.too_many_requests` */
  countRevocation(reply: FastifyReply, clientId: string): Promise<void> {
    return this.count(reply, this.revocations, clientId);
  }

  /**
   * A public client is whoever says that they are it: they take nothing from it, but from their own address.
   *
   * @param client with facts, once it has shown its secret
   *
   * @throws LatchkeyError `throttle.too_many_requests`
   */
  countPush(
    reply: FastifyReply,
    { id, facts }: { readonly id: string; readonly facts?: unknown },
  ): Promise<void> {
    const subject = facts === undefined ? addressBlock(reply.request.ip) : id;
    return this.count(reply, this.pushes, subject);
  }

  private async count(reply: FastifyReply, window: FixedWindow, subject: string): Promise<void> {
    if (!this.config.enabled) return;
    requireAdmitted(reply, await window.count(subject));
  }
}
