import type { OpenAPIObject } from '@nestjs/swagger';
import { accessErrors } from '../../access/access.errors.js';
import { databaseErrors } from '../../platform/database/database.errors.js';
import { declaredErrors, type ErrorFactory } from '../../platform/errors/define-errors.js';
import { requestErrors, serverErrors } from '../../platform/errors/request.errors.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { errorResponse, OAUTH_ERROR, PROBLEM } from './error-responses.js';
import { type Method, type Operation, operationsOf } from './operation.js';

const { invalid, malformed, tooLarge, unsupportedMediaType } = requestErrors;

/** What is refused before anybody knows that it is OAuth's. */
const UNREAD = [tooLarge, unsupportedMediaType].map(({ definition }) => definition.status);

/** Adds to every operation each error that it can give: its own and those of its shape. */
export function describeErrors(document: OpenAPIObject): void {
  const definitions = new Map(declaredErrors().map((error) => [error.code, error]));
  for (const { method, operation } of operationsOf(document)) {
    const own = operation['x-errors'] ?? [];
    const codes = [...new Set([...codesByShape(method, operation), ...own])].sort();
    operation['x-errors'] = codes;
    const errors = codes
      .map((code) => definitions.get(code))
      .filter((error) => error !== undefined);
    for (const status of new Set(errors.map((error) => error.status))) {
      const group = errors.filter((error) => error.status === status);
      const format = isOfOAuth(operation) && !UNREAD.includes(status) ? OAUTH_ERROR : PROBLEM;
      operation.responses[status] = errorResponse(status, group, format);
    }
  }
}

/** By a form, or because it says so: what it answers is in the words of OAuth, and what it does not know it ignores. */
export function isOfOAuth(operation: Operation): boolean {
  return takesForm(operation) || operation['x-oauth'] === true;
}

function takesForm({ requestBody }: Operation): boolean {
  return requestBody?.content?.['application/x-www-form-urlencoded'] !== undefined;
}

function codesByShape(method: Method, operation: Operation): string[] {
  const errors: ErrorFactory[] = [serverErrors.internal];
  if (!operation['x-from-memory']) errors.push(databaseErrors.unavailable);
  const form = takesForm(operation);
  if (!isOfOAuth(operation) && (operation.parameters?.length || operation.requestBody))
    errors.push(invalid);
  if (operation.parameters?.some((parameter) => parameter.in === 'path')) errors.push(malformed);
  // A body is read, and can be refused, on a route that needs none as well.
  if (method !== 'get') errors.push(tooLarge, unsupportedMediaType);
  if (method !== 'get' && !form) errors.push(malformed);
  if (!operation['x-public']) {
    const { unauthenticated, tokenInvalid, tokenExpired, tokenRevoked, tokenStale } = accessErrors;
    errors.push(unauthenticated, tokenInvalid, tokenExpired, tokenRevoked, tokenStale);
    errors.push(accessErrors.keysUnavailable, accessErrors.revocationUnavailable, malformed);
  }
  if (operation['x-limits-writes'] && method !== 'get') errors.push(throttleErrors.tooManyRequests);
  const demandsAuthority = operation['x-roles'] ?? operation['x-permissions'];
  if (demandsAuthority ?? operation['x-scopes']) errors.push(accessErrors.forbidden);
  if (demandsAuthority ?? operation['x-assurance']) errors.push(accessErrors.assuranceInsufficient);
  if (operation['x-fresh-sign-in']) errors.push(accessErrors.freshSignInRequired);
  return errors.map((error) => error.definition.code);
}
