import type { RateLimiterRes } from 'rate-limiter-flexible';

/** How long a count lives on, in whole seconds and at least one: nobody is told to come at once. */
export function secondsOf({ msBeforeNext }: Pick<RateLimiterRes, 'msBeforeNext'>): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}
