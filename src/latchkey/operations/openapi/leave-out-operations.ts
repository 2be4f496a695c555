import type { OpenAPIObject } from '@nestjs/swagger';
import { METHODS, operationsOf } from './operation.js';

const SCHEMAS = '#/components/schemas/';

/** Takes the operations of these ids out of the description, and the schemas that nothing else refers to. */
export function leaveOutOperations(document: OpenAPIObject, ids: ReadonlySet<string>): void {
  const before = schemasOf(document);
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      if (ids.has(item[method]?.operationId ?? '')) delete item[method];
    }
    if (METHODS.every((method) => item[method] === undefined)) delete document.paths[path];
  }
  const after = schemasOf(document);
  for (const name of before) if (!after.has(name)) delete document.components?.schemas?.[name];
}

/** The names of those that an operation leads to. */
function schemasOf(document: OpenAPIObject): Set<string> {
  const found = new Set<string>();
  const waiting: unknown[] = operationsOf(document).map(({ operation }) => operation);
  while (waiting.length > 0) {
    for (const name of referredToBy(waiting.pop())) {
      if (found.has(name)) continue;
      found.add(name);
      waiting.push(document.components?.schemas?.[name]);
    }
  }
  return found;
}

function referredToBy(part: unknown): string[] {
  const references = JSON.stringify(part ?? null).matchAll(/"\$ref":"([^"]+)"/g);
  return Array.from(references, ([, reference = '']) => reference.slice(SCHEMAS.length));
}
