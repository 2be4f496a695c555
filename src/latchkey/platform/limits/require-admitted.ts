import { type FastifyReply } from 'fastify';
import { throttleErrors } from './limits.errors.js';
import { type QuotaPolicy, reportLimit, type ServiceLimit } from './service-limit.js';

/** An attempt that counts whatever comes of it. */
export interface CountedAttempt {
  /** False: it must be refused, and has been counted nowhere. */
  readonly admitted: boolean;
  readonly limit: ServiceLimit;
}

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
