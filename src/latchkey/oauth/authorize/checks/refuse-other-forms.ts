import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';

/** What is asked in a way that is not understood here must not be answered as if it had not been asked. */
export function refuseOtherForms(parameters: AuthorizationParameters): void {
  if (parameters.get('request') !== undefined) {
    throw new AuthorizationRefusal('request_not_supported', 'request is not supported.');
  }
  if (parameters.get('request_uri') !== undefined) {
    throw new AuthorizationRefusal('request_uri_not_supported', 'request_uri is not supported.');
  }
  if (parameters.get('registration') !== undefined) {
    throw new AuthorizationRefusal('registration_not_supported', 'registration is not supported.');
  }
  if (parameters.get('claims') !== undefined) {
    throw new AuthorizationRefusal('invalid_request', 'claims is not supported: ask for scopes.');
  }
}
