import type { RegisteredClient } from '../../clients/oauth-clients.js';
import { scopesOf } from '../../clients/scopes.js';
import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';

/**
 * What is asked for, all of it: asked for more than the client may, it is refused and not answered with less. Who asks
 * for a resource and names no scope asks for all of the resource's that the client may (RFC 6749 section 3.3), as agents do.
 *
 * @returns at least one
 */
export function readScope(
  parameters: AuthorizationParameters,
  { scopes: allowed, resourceScopes }: RegisteredClient,
): string[] {
  const asked = scopesOf(parameters.get('scope') ?? '');
  const ofResource = resourceScopes.filter(({ resource: { identifier } }) =>
    parameters.resources.includes(identifier),
  );
  const scope = asked.length > 0 ? asked : ofResource.map(({ name }) => name);
  if (scope.length === 0) {
    throw new AuthorizationRefusal('invalid_scope', 'scope is missing: say at least one.');
  }
  if (scope.some((name) => !allowed.includes(name))) {
    throw new AuthorizationRefusal('invalid_scope', 'The client may not ask for all of scope.');
  }
  return scope;
}
