import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';

/** There is one flow, and its answer is in the query (OAuth 2.1 section 4.1.1). */
export function requireCodeFlow(parameters: AuthorizationParameters): void {
  const type = parameters.get('response_type');
  if (type === undefined) {
    throw new AuthorizationRefusal('invalid_request', 'response_type is missing: say code.');
  }
  if (type !== 'code') {
    throw new AuthorizationRefusal('unsupported_response_type', 'response_type must be code.');
  }
  if ((parameters.get('response_mode') ?? 'query') !== 'query') {
    throw new AuthorizationRefusal('invalid_request', 'response_mode must be query.');
  }
}
