import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../audit/address-block.js';
import { LatchkeyError } from '../errors/latchkey-error.js';
import { Counters } from './counters.js';
import { FixedWindow } from './fixed-window.js';
import { requireAdmitted } from './require-admitted.js';
import { ThrottleConfig } from './throttle.config.js';

const CONFLICT = 409;

/**
 * Bounds how many accounts an address makes, and how many passwords it has hashed for them or judged
 * by rules of the extending team's own, which may call another service. One that is taken counts
 * like one that is not.
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

  /**
   * @param work from when it calls `keep`, the attempt counts however it ends
   * @throws LatchkeyError `throttle.too_many_requests`, or whatever the work throws
   */
  async attempt<T>(reply: FastifyReply, work: (keep: () => void) => Promise<T>): Promise<T> {
    let kept = false;
    const keep = () => {
      kept = true;
    };
    if (!this.config.enabled) return work(keep);
    const attempt = await this.addresses.count(addressBlock(reply.request.ip));
    requireAdmitted(reply, attempt);
    return work(keep).catch(async (error: unknown) => {
      if (!kept && !isTaken(error)) await attempt.withdraw();
      throw error;
    });
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof LatchkeyError && error.definition.status === CONFLICT;
}
