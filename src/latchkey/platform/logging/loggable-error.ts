import { stdSerializers } from 'pino';

/** What else is told of an error: never its parameters or its detail, which quote what was stored. */
const TOLD = ['code', 'query', 'table', 'constraint', 'syscall', 'address', 'port'] as const;

/**
 * An error as the log may show it. Errors of the database carry the statement's parameters and, in
 * their detail, whole rows: password hashes, keys of sessions, addresses of people.
 */
export function loggableError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack } = stdSerializers.err(error);
  const told = TOLD.filter((name) => name in error).map((name) => [
    name,
    (error as Error & Record<string, unknown>)[name],
  ]);
  const parts = error instanceof AggregateError ? error.errors.map(loggableError) : undefined;
  return { type, message, stack, ...Object.fromEntries(told), ...(parts && { errors: parts }) };
}
