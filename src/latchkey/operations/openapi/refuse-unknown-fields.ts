import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operation.js';

const SCHEMAS = '#/components/schemas/';

/** Says of every request body what the validation does: a field that is not named is refused. */
export function refuseUnknownFields(document: OpenAPIObject): void {
  const schemas = document.components?.schemas ?? {};
  for (const { operation } of operationsOf(document)) {
    const reference = operation.requestBody?.content?.['application/json']?.schema?.$ref;
    const schema = schemas[reference?.slice(SCHEMAS.length) ?? ''];
    if (schema !== undefined && !('$ref' in schema)) schema.additionalProperties = false;
  }
}
