/** For `@Transform`: tokens carry ids in lower case, and they are compared as texts. */
export function toLowerCase({ value }: { value: unknown }): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}
