import type { FastifyReply } from 'fastify';
import type { Counters } from '../../platform/limits/counters.js';
import { FixedWindow } from '../../platform/limits/fixed-window.js';
import { requireAdmitted } from '../../platform/limits/service-limit.js';
import type { ThrottleConfig } from './throttle.config.js';

/** So many requests of each subject in the window of addresses, however they end: docs/throttling.md. */
export class RequestQuota {
  private readonly window: FixedWindow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
    { name, quota }: { readonly name: string; readonly quota: number },
  ) {
    const windowSeconds = config.addressWindowSeconds;
    this.window = new FixedWindow(counters, { name, quota, windowSeconds });
  }

  /**
   * Counts a request, unless nothing is throttled, and ends it here if it is one too many.
   *
   * @throws LatchkeyError `throttle.too_many_requests`
   */
  async require(reply: FastifyReply, subject: string): Promise<void> {
    if (!this.config.enabled) return;
    requireAdmitted(reply, await this.window.count(subject));
  }
}
