import type { ErrorDefinition } from '../errors/error-definition.js';

const HEADERS: Readonly<Record<number, { name: string; description: string; type: string }>> = {
  401: { name: 'WWW-Authenticate', description: 'RFC 6750 section 3', type: 'string' },
  403: { name: 'WWW-Authenticate', description: 'RFC 6750 section 3', type: 'string' },
  429: { name: 'Retry-After', description: 'Seconds', type: 'integer' },
  503: { name: 'Retry-After', description: 'Seconds', type: 'integer' },
};

/** The errors of one status, as a response of OpenAPI. */
export function problemResponse(status: number, errors: readonly ErrorDefinition[]) {
  const header = HEADERS[status];
  return {
    description: errors.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
    ...(header && {
      headers: {
        [header.name]: { description: header.description, schema: { type: header.type } },
      },
    }),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
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
