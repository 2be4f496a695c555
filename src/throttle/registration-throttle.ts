import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LatchkeyError } from '../errors/latchkey-error.js';
import { addressBlock } from './address-block.js';
import { Counters } from './counters.js';
import { FixedWindow } from './fixed-window.js';
import { requireAdmitted } from './require-admitted.js';
import { ThrottleConfig } from './throttle.config.js';

const CONFLICT = 409;

/**
 * Bounds how many accounts an address makes, and how many passwords it has hashed for them. One
 * that is taken counts like one that is not.
 */
@Injectable()
export class RegistrationThrottle {
  private readonly addresses: FixedWindow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
  ) {
    this.addresses = new FixedWindow(counters, {
      name: 'registration-address',
      quota: config.addressRegistrations,
      windowSeconds: config.addressWindowSeconds,
    });
  }

  /** @throws LatchkeyError `throttle.too_many_requests`, or whatever the work throws */
  async attempt<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
    if (!this.config.enabled) return work();
    const attempt = await this.addresses.count(addressBlock(reply.request.ip));
    requireAdmitted(reply, attempt);
    return work().catch(async (error: unknown) => {
      if (!isTaken(error)) await attempt.withdraw();
      throw error;
    });
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof LatchkeyError && error.definition.status === CONFLICT;
}
