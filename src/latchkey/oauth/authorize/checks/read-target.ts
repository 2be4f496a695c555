import { MAX_SCOPE_LENGTH } from '../../../tokens/access-tokens/access-token-size.js';
import { type Target, targetOf } from '../../resources/target-of.js';
import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';
import type { KnownPlace } from '../authorization-request.js';

/** RFC 8707 section 2: what is asked narrower is never answered broader. */
export function readTarget(
  { resources }: AuthorizationParameters,
  scope: readonly string[],
  { client, own }: Pick<KnownPlace, 'client' | 'own'>,
): Target {
  if (scope.join(' ').length > MAX_SCOPE_LENGTH) {
    const rule = `scope must be at most ${MAX_SCOPE_LENGTH} characters.`;
    throw new AuthorizationRefusal('invalid_scope', rule);
  }
  const target = targetOf({ scope, resources }, client.resourceScopes, own);
  if ('refused' in target) throw new AuthorizationRefusal(target.refused, target.because);
  return target;
}
