import { ASSURANCE_LEVELS, type AssuranceLevel } from '../../../access/assurance.js';
import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';

const SECONDS = /^\d{1,9}$/;

/** How long ago the sign-in may be (`max_age`), and how sure it has to be: the least level of `acr_values`. */
export function readAssurance(parameters: AuthorizationParameters): {
  maxAgeSeconds: number | undefined;
  acr: AssuranceLevel | undefined;
} {
  const maxAge = parameters.get('max_age');
  if (maxAge !== undefined && !SECONDS.test(maxAge)) {
    throw new AuthorizationRefusal('invalid_request', 'max_age must be a number of seconds.');
  }
  const asked = (parameters.get('acr_values') ?? '').split(' ');
  return {
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
    acr: ASSURANCE_LEVELS.find((level) => asked.includes(level)),
  };
}
