import { AuthorizationRefusal } from '../authorization-refusal.js';
import type { KnownPlace } from '../authorization-request.js';

/** RFC 9126 section 6. */
export function requirePushed({ client, isPushed }: KnownPlace): void {
  if (isPushed || !client.requirePushedAuthorizationRequests) return;
  throw new AuthorizationRefusal('invalid_request', 'The client has to push its requests.');
}
