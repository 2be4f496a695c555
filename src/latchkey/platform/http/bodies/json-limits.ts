/** How much a parsed JSON text may hold. */
export interface JsonLimits {
  /** Objects and lists within each other, the outermost included. */
  readonly depth: number;
  /** Everything in it: objects, lists and what they hold. */
  readonly values: number;
}

/** Room for everything that Latchkey itself is told. */
export const JSON_LIMITS: JsonLimits = { depth: 8, values: 128 };

/**
 * What a parsed JSON text has too much of, in a sentence about "it"; null when it is within the
 * limits. Looks at no more values than they allow, and calls itself no deeper.
 */
export function excessOf(parsed: unknown, limits: JsonLimits = JSON_LIMITS): string | null {
  let values = 0;
  const excessAt = (value: unknown, depth: number): string | null => {
    values += 1;
    if (values > limits.values) return `It holds more than ${limits.values} values.`;
    if (typeof value !== 'object' || value === null) return null;
    if (depth > limits.depth) return `It is nested more than ${limits.depth} levels deep.`;
    for (const child of Object.values(value)) {
      const excess = excessAt(child, depth + 1);
      if (excess !== null) return excess;
    }
    return null;
  };
  return excessAt(parsed, 1);
}
