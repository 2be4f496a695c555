import { type ErrorDefinition, type ErrorOccurrence, LatchkeyError } from './latchkey-error.js';

/** Makes one occurrence of an error: `throw usersErrors.notFound()`. */
export interface ErrorFactory {
  (occurrence?: ErrorOccurrence): LatchkeyError;
  readonly definition: ErrorDefinition;
  /** Whether this is what was thrown. Judge by it, and not by a status, which many errors share. */
  is(error: unknown): boolean;
}

const defined = new Map<string, ErrorDefinition>();

/**
 * Declares a module's errors, all in one place, and enters them into the error catalogue.
 *
 * @throws Error when a code is declared twice: a code names one thing.
 */
export function defineErrors<const Definitions extends Record<string, ErrorDefinition>>(
  definitions: Definitions,
): { readonly [Name in keyof Definitions]: ErrorFactory } {
  const entries = Object.entries(definitions).map(([name, definition]) => {
    if (defined.has(definition.code)) {
      throw new Error(`The error code ${definition.code} is declared twice.`);
    }
    defined.set(definition.code, definition);
    const factory = (occurrence?: ErrorOccurrence) => new LatchkeyError(definition, occurrence);
    const is = (error: unknown) =>
      error instanceof LatchkeyError && error.definition === definition;
    return [name, Object.assign(factory, { definition, is })];
  });
  return Object.fromEntries(entries);
}

/** Every error that has been declared so far, by code, sorted. */
export function declaredErrors(): ErrorDefinition[] {
  return [...defined.values()].sort((a, b) => a.code.localeCompare(b.code));
}
