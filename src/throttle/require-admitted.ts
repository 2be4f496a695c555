import type { FastifyReply } from 'fastify';
import type { CountedAttempt } from './counted-attempt.js';
import { type QuotaPolicy, reportLimit } from './service-limit.js';
import { throttleErrors } from './throttle.errors.js';

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
