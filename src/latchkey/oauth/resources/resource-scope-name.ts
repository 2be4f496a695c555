import { Matches, type ValidationOptions } from 'class-validator';

/** Of the characters of RFC 6749 section 3.3 those that read well; the one length that names must fit in. */
export const RESOURCE_SCOPE_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,58}[A-Za-z0-9*])?$/;

export function IsScopeName(options?: ValidationOptions): PropertyDecorator {
  return Matches(RESOURCE_SCOPE_NAME, {
    message: '$property must be names such as orders:read, of at most 60 characters',
    ...options,
  });
}
