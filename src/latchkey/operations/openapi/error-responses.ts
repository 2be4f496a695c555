import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorDefinition } from '../../platform/errors/latchkey-error.js';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const REQUEST_ID: Schema = {
  type: 'string',
  maxLength: 128,
  description:
    'The id of the request, as in `X-Request-Id`, the log and the audit trail: a UUID, unless a trusted proxy has given it another one.',
};

/** The body of every error (RFC 9457), as OpenAPI describes it. */
export const problemSchema: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string', description: 'A relative link into the error catalogue.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable: programs should decide by it.' },
    detail: { type: 'string' },
    requestId: REQUEST_ID,
    acr: { type: 'string', description: 'Of a 401: the least `acr` that would do (RFC 9470).' },
    maxAgeSeconds: {
      type: 'integer',
      description: 'Of a 401: how old the sign-in may be (RFC 9470).',
    },
    challenge: {
      type: 'string',
      description: 'Of `auth.second_factor_required`: what the sign-in goes on with.',
    },
    methods: {
      type: 'array',
      items: { type: 'string' },
      description: 'Of `auth.second_factor_required`: by which the second factor can be shown.',
    },
    expiresIn: {
      type: 'integer',
      description: 'Of `auth.second_factor_required`: for how many seconds the challenge is good.',
    },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

/** The body of an error of the OAuth routes (RFC 6749 section 5.2), as OpenAPI describes it. */
export const oauthErrorSchema: Schema = {
  type: 'object',
  required: ['error', 'error_description', 'code', 'requestId'],
  properties: {
    error: { type: 'string', description: 'The error code of OAuth (RFC 6749 section 5.2).' },
    error_description: { type: 'string' },
    code: {
      type: 'string',
      description: 'The error code of Latchkey. Stable: programs should decide by it.',
    },
    requestId: REQUEST_ID,
  },
};

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
