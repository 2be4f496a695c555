import type { Schema } from './json-schema.js';

const ref = (name: string): Schema => ({ $ref: `#/${name}` });
const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const texts: Schema = { type: 'array', items: text };
const mapOf = (additionalProperties: Schema): Schema => ({ type: 'object', additionalProperties });
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const orReference = (name: string): Schema => ({ oneOf: [ref(name), ref('Reference')] });

/** An object with these properties, extensions, and nothing else. */
function exactly(required: readonly string[], properties: Record<string, Schema>): Schema {
  const patternProperties = { '^x-': {} };
  return { type: 'object', required, properties, patternProperties, additionalProperties: false };
}

const operation = exactly(['responses'], {
  tags: texts,
  summary: text,
  description: text,
  operationId: text,
  parameters: listOf(orReference('Parameter')),
  requestBody: orReference('RequestBody'),
  responses: {
    type: 'object',
    patternProperties: { '^([1-5]\\d\\d|default)$': orReference('Response') },
    additionalProperties: false,
  },
  deprecated: flag,
  security: listOf(mapOf(texts)),
});

/** The objects of OpenAPI 3.0.3, as far as this project uses them; `Document` is the root. */
export const openApi3: Readonly<Record<string, Schema>> = {
  Document: exactly(['openapi', 'info', 'paths'], {
    openapi: { type: 'string', pattern: '^3\\.0\\.\\d$' },
    info: exactly(['title', 'version'], {
      title: text,
      description: text,
      version: text,
      contact: { type: 'object' },
      license: exactly(['name'], { name: text, url: text }),
    }),
    servers: listOf(exactly(['url'], { url: text, description: text })),
    tags: listOf(exactly(['name'], { name: text, description: text })),
    security: listOf(mapOf(texts)),
    paths: { type: 'object', patternProperties: { '^/': ref('PathItem') } },
    components: exactly([], {
      schemas: mapOf(orReference('Schema')),
      securitySchemes: mapOf(ref('SecurityScheme')),
    }),
  }),
  PathItem: exactly([], {
    get: operation,
    put: operation,
    post: operation,
    delete: operation,
    patch: operation,
  }),
  Parameter: exactly(['name', 'in', 'schema'], {
    name: text,
    in: { type: 'string', enum: ['path', 'query', 'header', 'cookie'] },
    description: text,
    required: flag,
    schema: orReference('Schema'),
    example: {},
  }),
  RequestBody: exactly(['content'], {
    description: text,
    required: flag,
    content: mapOf(ref('MediaType')),
  }),
  Response: exactly(['description'], {
    description: text,
    headers: mapOf(exactly([], { description: text, schema: orReference('Schema') })),
    content: mapOf(ref('MediaType')),
  }),
  MediaType: exactly(['schema'], { schema: orReference('Schema'), example: {}, examples: {} }),
  Reference: {
    type: 'object',
    required: ['$ref'],
    properties: { $ref: { type: 'string', pattern: '^#/components/' } },
    additionalProperties: false,
  },
  SecurityScheme: exactly(['type'], {
    type: { type: 'string', enum: ['apiKey', 'http', 'oauth2', 'openIdConnect'] },
    description: text,
    name: text,
    in: { type: 'string', enum: ['query', 'header', 'cookie'] },
    scheme: text,
    bearerFormat: text,
  }),
  Schema: exactly([], {
    type: { type: 'string', enum: ['array', 'boolean', 'integer', 'number', 'object', 'string'] },
    description: text,
    format: text,
    pattern: text,
    nullable: flag,
    enum: { type: 'array' },
    default: {},
    example: {},
    minLength: { type: 'integer', minimum: 0 },
    maxLength: { type: 'integer', minimum: 0 },
    minimum: { type: 'number' },
    maximum: { type: 'number' },
    minItems: { type: 'integer', minimum: 0 },
    maxItems: { type: 'integer', minimum: 0 },
    required: texts,
    properties: mapOf(orReference('Schema')),
    additionalProperties: { oneOf: [flag, ref('Schema'), ref('Reference')] },
    items: orReference('Schema'),
    allOf: listOf(orReference('Schema')),
  }),
};
