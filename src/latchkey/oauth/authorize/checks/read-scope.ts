import type { RegisteredClient } from '../../clients/oauth-clients.js';
import { scopesOf } from '../../clients/scopes.js';
import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';

/**
 * What is asked for, all of it: asked for more than the client may, it is refused and not answered with less.
 *
 * @returns at least one
 */
export function readScope(
  parameters: AuthorizationParameters,
  { scopes: allowed }: RegisteredClient,
): string[] {
  const scope = scopesOf(parameters.get('scope') ?? '');
  if (scope.length === 0) {
    throw new AuthorizationRefusal('invalid_scope', 'scope is missing: say at least one.');
  }
  if (scope.some((name) => !allowed.includes(name))) {
    throw new AuthorizationRefusal('invalid_scope', 'The client may not ask for all of scope.');
  }
  return scope;
}
