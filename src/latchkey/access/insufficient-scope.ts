import type { LatchkeyError } from '../platform/errors/latchkey-error.js';
import { accessErrors } from './access.errors.js';

const NOT_GRANTED = 'The client has not been granted what the challenge names.';

/** Refuses a client that has to ask its user for more, and says for what (RFC 6750 section 3.1). */
export function insufficientScope(scopes: readonly string[]): LatchkeyError {
  const challenge = `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"`;
  return accessErrors.forbidden({ detail: NOT_GRANTED, challenge });
}
