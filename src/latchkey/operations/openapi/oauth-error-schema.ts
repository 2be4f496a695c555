import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

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
