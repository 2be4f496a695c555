import type { ErrorFactory } from '../platform/errors/define-errors.js';
import type { LatchkeyError } from '../platform/errors/latchkey-error.js';
import type { AssuranceDemand } from './assurance.js';

/**
 * Refuses a caller who has to show another factor, or to show one again, and says which assurance
 * would do (RFC 9470 section 3): in the challenge, and in the body for pages that may not read it.
 *
 * @example `throw insufficientAssurance(accessErrors.assuranceInsufficient, { acr: 'aal2' })`
 */
export function insufficientAssurance(error: ErrorFactory, demand: AssuranceDemand): LatchkeyError {
  const { acr, maxAgeSeconds } = demand;
  const challenge = [
    'Bearer error="insufficient_user_authentication"',
    ...(acr === undefined ? [] : [`acr_values="${acr}"`]),
    ...(maxAgeSeconds === undefined ? [] : [`max_age="${maxAgeSeconds}"`]),
  ].join(', ');
  return error({ challenge, members: { ...demand } });
}
