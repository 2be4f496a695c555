import { createRequire } from 'node:module';

/** A package that a service may have or not; undefined where it has none. */
export function loadOptional(name) {
  try {
    return createRequire(import.meta.url)(name);
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
