/**
 * Whether objects and arrays are nested in more than so many levels. It goes no deeper itself, so that
 * no nesting exhausts the stack; whatever else walks the value should be asked only then.
 */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
