import type { FieldError, LatchkeyError } from './latchkey-error.js';

/** Where the error catalogue is served; `type` of a problem links into it. */
export const ERROR_CATALOGUE_PATH = '/errors';

/** The body of every answer that is an error (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
}

export function toProblem(error: LatchkeyError, requestId: string): Problem {
  const { code, status, title } = error.definition;
  return {
    // First, so that none stands in for a member of its own.
    ...error.members,
    type: `${ERROR_CATALOGUE_PATH}#${code}`,
    title,
    status,
    code,
    ...(error.detail !== undefined && { detail: error.detail }),
    requestId,
    ...(error.fields !== undefined && { errors: error.fields }),
  };
}

/** The `WWW-Authenticate` header that goes with an error, if any (RFC 6750 section 3). */
export function challengeFor({ challenge, definition }: LatchkeyError): string | undefined {
  if (challenge !== undefined) return challenge;
  if (definition.challenge !== undefined) return definition.challenge;
  if (definition.status === 401) return 'Bearer error="invalid_token"';
  if (definition.status === 403) return 'Bearer error="insufficient_scope"';
  return undefined;
}
