import type { FastifyReply } from 'fastify';
import type { CountedAttempt } from './counted-attempt.js';
import { throttleErrors } from './limits.errors.js';
import { type QuotaPolicy, reportLimit } from './service-limit.js';

/**
 * Tells the client where it stands, and ends the request here if the attempt was not let in.
 *
 * @throws LatchkeyError `throttle.too_many_requests`
 */
export function requireAdmitted(
  reply: FastifyReply,
  { admitted, limit }: CountedAttempt,
  policies?: readonly QuotaPolicy[],
): void {
  reportLimit(reply, limit, policies);
  if (!admitted) throw throttleErrors.tooManyRequests({ retryAfterSeconds: limit.resetSeconds });
}
