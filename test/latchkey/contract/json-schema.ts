/** As much of JSON Schema as OpenAPI 3.0 and our own descriptions use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly default?: unknown;
  readonly example?: unknown;
}

type JsonObject = Readonly<Record<string, unknown>>;

const FORMATS: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/,
  email: /^[^@\s]+@[^@\s]+$/,
};

/**
 * Everything in which a value is not as its schema says, one line each.
 *
 * @param root the document that `$ref` points into
 */
export function violations(schema: Schema, value: unknown, root: unknown, at = '$'): string[] {
  if (schema.$ref !== undefined) return violations(resolve(schema.$ref, root), value, root, at);
  if (value === null && schema.nullable) return [];
  const parts = (schema.allOf ?? []).flatMap((part) => violations(part, value, root, at));
  return [
    ...parts,
    ...violatedChoice(schema, value, root, at),
    ...violatedKeywords(schema, value).map((keyword) => `${at} violates ${keyword}`),
    ...(Array.isArray(value) ? violatedItems(schema, value, root, at) : []),
    ...(isObject(value) ? violatedProperties(schema, value, root, at) : []),
  ];
}

/** @throws Error when there is nothing where the reference points */
export function resolve(reference: string, root: unknown): Schema {
  const steps = reference.replace(/^#\//, '').split('/');
  const target = steps.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), root);
  if (!isObject(target)) throw new Error(`${reference} points at nothing.`);
  return target;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function violatedChoice({ oneOf }: Schema, value: unknown, root: unknown, at: string): string[] {
  if (oneOf === undefined) return [];
  const results = oneOf.map((choice) => violations(choice, value, root, at));
  if (results.some((result) => result.length === 0)) return [];
  return [`${at} is none of oneOf (${results.map(([first]) => first).join('; ')})`];
}

function violatedKeywords(schema: Schema, value: unknown): string[] {
  const text = typeof value === 'string' ? value : undefined;
  const length = text === undefined ? undefined : [...text].length;
  const number = typeof value === 'number' ? value : undefined;
  const rules: [string, boolean][] = [
    [`type ${schema.type}`, schema.type === undefined || isOfType(schema.type, value)],
    ['enum', schema.enum?.includes(value) ?? true],
    [`format ${schema.format}`, text === undefined || hasFormat(schema.format, text)],
    ['pattern', text === undefined || new RegExp(schema.pattern ?? '').test(text)],
    ['minLength', length === undefined || length >= (schema.minLength ?? 0)],
    ['maxLength', length === undefined || length <= (schema.maxLength ?? length)],
    ['minimum', number === undefined || number >= (schema.minimum ?? number)],
    ['maximum', number === undefined || number <= (schema.maximum ?? number)],
    ['maxItems', !Array.isArray(value) || value.length <= (schema.maxItems ?? value.length)],
  ];
  return rules.filter(([, holds]) => !holds).map(([keyword]) => keyword);
}

function violatedItems({ items }: Schema, value: unknown[], root: unknown, at: string): string[] {
  return value.flatMap((item, index) => violations(items ?? {}, item, root, `${at}[${index}]`));
}

function violatedProperties(
  schema: Schema,
  value: JsonObject,
  root: unknown,
  at: string,
): string[] {
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  const patterns = Object.entries(schema.patternProperties ?? {});
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const matching = patterns.find(([pattern]) => new RegExp(pattern).test(name))?.[1];
    const rule = schema.properties?.[name] ?? matching ?? schema.additionalProperties ?? true;
    if (rule === true) return [];
    if (rule === false) return [`${at} has the unknown property ${name}`];
    return violations(rule, member, root, `${at}.${name}`);
  });
  return [...missing.map((name) => `${at} lacks ${name}`), ...wrong];
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
}

function hasFormat(format: string | undefined, text: string): boolean {
  return FORMATS[format ?? '']?.test(text) ?? true;
}
