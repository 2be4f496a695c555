import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** The body of every error (RFC 9457), as OpenAPI describes it. */
export const problemSchema: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string', description: 'A relative link into the error catalogue.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; what programs should look at.' },
    detail: { type: 'string' },
    requestId: { type: 'string', format: 'uuid' },
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
    error: { type: 'string', description: 'As OAuth names it.' },
    error_description: { type: 'string' },
    code: { type: 'string', description: 'As Latchkey names it. Stable.' },
    requestId: { type: 'string', format: 'uuid' },
  },
};
