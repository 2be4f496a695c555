import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';

/** RFC 8707 section 2: what is asked narrower is never answered broader. */
export function requireTarget(
  { resources }: AuthorizationParameters,
  allowed: readonly string[],
): void {
  if (resources.every((resource) => allowed.includes(resource))) return;
  throw new AuthorizationRefusal('invalid_target', 'The client gets no token for this resource.');
}
