import { requestValidation } from '../../platform/http/validation/request-validation.js';

/**
 * By the same rules as the routes for administrators.
 *
 * @throws LatchkeyError `request.invalid`
 */
export function validated<Body>(metatype: new () => Body, value: object): Promise<Body> {
  return requestValidation().transform(value, { type: 'body', metatype });
}
