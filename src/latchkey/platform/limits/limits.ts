import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Counters } from './counters.js';
import { FixedWindow } from './fixed-window.js';
import { type QuotaPolicy, requireAdmitted } from './service-limit.js';

/** What one subject may do in a window of time. */
export interface WindowLimit {
  /**
   * Counts one attempt of the subject, tells the client by `RateLimit` fields where it stands, and
   * ends the request here if it was one too many.
   *
   * @param subject whose attempts are counted together: a user's id, an address
   * @throws LatchkeyError `throttle.too_many_requests`; declare it by `@Throws`
   */
  require(reply: FastifyReply, subject: string): Promise<void>;
}

/**
 * Limits of a feature's own, counted in Redis for all instances together, and in the process where
 * there is none. Counting never fails.
 *
 * @example
 * ```ts
 * constructor(limits: Limits) {
 *   this.exports = limits.window({ name: 'note-exports', quota: 10, windowSeconds: 3_600 });
 * }
 * …
 * await this.exports.require(reply, user.userId);
 * ```
 */
@Injectable()
export class Limits {
  private readonly names = new Set<string>();

  constructor(private readonly counters: Counters) {}

  /**
   * @param policy its name is what clients see in the `RateLimit` fields, and what it is counted
   *   under: one name a limit
   * @throws Error when there is a limit of this name already
   */
  window(policy: QuotaPolicy): WindowLimit {
    if (this.names.has(policy.name)) throw new Error(`There is a limit "${policy.name}" already.`);
    this.names.add(policy.name);
    // Apart from Latchkey's own limits, which may have the same name.
    const window = new FixedWindow(this.counters, policy, `feature:${policy.name}`);
    return {
      require: async (reply, subject) => requireAdmitted(reply, await window.count(subject)),
    };
  }
}
