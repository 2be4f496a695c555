import type { AuthorizationParameters } from '../authorization-parameters.js';
import type { Hints } from '../authorization-request.js';

/** No address, and no list of languages, is longer. What is longer is left out: it was a hint. */
const MAX_LENGTH = 320;

/** OpenID Connect Core section 3.1.2.1. */
export function readHints(parameters: AuthorizationParameters): Hints {
  const given = (['login_hint', 'ui_locales'] as const).map((name) => [name, parameters.get(name)]);
  return Object.fromEntries(
    given.filter(([, text]) => text !== undefined && text.length <= MAX_LENGTH),
  );
}
