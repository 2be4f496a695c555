import type { AuthorizationParameters } from './authorization-parameters.js';
import type { AuthorizationRequest, KnownPlace } from './authorization-request.js';
import { readAssurance } from './checks/read-assurance.js';
import { readHints } from './checks/read-hints.js';
import { readPrompts } from './checks/read-prompts.js';
import { readScope } from './checks/read-scope.js';
import { readTarget } from './checks/read-target.js';
import { readTexts } from './checks/read-texts.js';
import { refuseOtherForms } from './checks/refuse-other-forms.js';
import { requireCodeFlow } from './checks/require-code-flow.js';
import { requirePkce } from './checks/require-pkce.js';
import { requirePushed } from './checks/require-pushed.js';

/**
 * The checks of a request in itself, in their order. None asks who is signed in.
 *
 * @throws AuthorizationRefusal
 */
export function readRequest(
  place: KnownPlace,
  parameters: AuthorizationParameters,
): AuthorizationRequest {
  const { client, redirectUri } = place;
  refuseOtherForms(parameters);
  requirePushed(place);
  requireCodeFlow(parameters);
  const { state, nonce } = readTexts(parameters);
  const codeChallenge = requirePkce(parameters);
  const scope = readScope(parameters, client);
  const { audience, resource } = readTarget(parameters, scope, place);
  const prompts = readPrompts(parameters);
  const { maxAgeSeconds, acr } = readAssurance(parameters);
  return {
    client,
    redirectUri,
    state,
    scope,
    audience,
    resource,
    nonce,
    codeChallenge,
    prompts,
    maxAgeSeconds,
    acr,
    hints: readHints(parameters),
  };
}
