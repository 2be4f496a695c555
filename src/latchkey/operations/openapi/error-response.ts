import type { ErrorDefinition } from '../../platform/errors/latchkey-error.js';

const CHALLENGE = {
  'WWW-Authenticate': { description: 'RFC 6750 section 3', schema: { type: 'string' } },
};
const RETRY_AFTER = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } };
const RATE_LIMIT_DRAFT = {
  description: 'draft-ietf-httpapi-ratelimit-headers',
  schema: { type: 'string' },
};

const HEADERS: Readonly<Record<number, object>> = {
  401: CHALLENGE,
  403: CHALLENGE,
  429: { ...RETRY_AFTER, RateLimit: RATE_LIMIT_DRAFT, 'RateLimit-Policy': RATE_LIMIT_DRAFT },
  503: RETRY_AFTER,
};

/** How the body of an error is written, and where its schema is. */
export interface ErrorFormat {
  readonly type: string;
  readonly schema: string;
}

export const PROBLEM: ErrorFormat = { type: 'application/problem+json', schema: 'Problem' };
export const OAUTH_ERROR: ErrorFormat = { type: 'application/json', schema: 'OAuthError' };

/** The errors of one status, as a response of OpenAPI. */
export function errorResponse(
  status: number,
  errors: readonly ErrorDefinition[],
  format: ErrorFormat,
) {
  const headers = HEADERS[status];
  return {
    description: errors.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
    ...(headers && { headers }),
    content: {
      [format.type]: {
        schema: {
          allOf: [
            { $ref: `#/components/schemas/${format.schema}` },
            {
              type: 'object',
              properties: { code: { type: 'string', enum: errors.map(({ code }) => code) } },
            },
          ],
        },
      },
    },
  };
}
