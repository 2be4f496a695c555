import type { FastifyReply } from 'fastify';
import { throttleErrors } from './limits.errors.js';

export interface QuotaPolicy {
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
}

/** Where a client stands with a policy. */
export interface ServiceLimit {
  readonly policy: QuotaPolicy;
  readonly remaining: number;
  /** When `remaining` is greater again, or nothing is remembered any more. */
  readonly resetSeconds: number;
}

/**
 * Tells a client which policies it is held to and where it stands with one of them: the fields
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11).
 */
export function reportLimit(
  reply: FastifyReply,
  { policy, remaining, resetSeconds }: ServiceLimit,
  policies: readonly QuotaPolicy[] = [policy],
): void {
  reply.header('RateLimit-Policy', policies.map(policyItem).join(', '));
  reply.header('RateLimit', `"${policy.name}";r=${remaining};t=${resetSeconds}`);
}

function policyItem({ name, quota, windowSeconds }: QuotaPolicy): string {
  return `"${name}";q=${quota};w=${windowSeconds}`;
}

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
