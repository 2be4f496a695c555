import { resolve, type Schema } from './json-schema.js';

/**
 * The value that a schema's examples make up, as Swagger UI fills it into "Try it out".
 *
 * @throws Error naming a required property that shows no example
 */
export function exampleOf(schema: Schema, root: unknown, at = '$'): unknown {
  if (schema.$ref !== undefined) return exampleOf(resolve(schema.$ref, root), root, schema.$ref);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.type !== 'object') throw new Error(`${at} has no example.`);
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const isShown = property.example !== undefined || schema.required?.includes(name);
    return isShown ? [[name, exampleOf(property, root, `${at}.${name}`)]] : [];
  });
  return Object.fromEntries(members);
}
