import pg from 'pg';

interface Client extends pg.Client {
  readonly connectionParameters: { readonly application_name?: string };
}

type Query = (this: Client, ...parameters: unknown[]) => unknown;

/** What goes on by the clock, whatever is asked of the service, has a connection of its own. */
const ASIDE = 'latchkey side';

/** Every statement that this process sends to Postgres for `work`, in order. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const { query } = prototype;
  prototype.query = function (...parameters) {
    if (this.connectionParameters.application_name !== ASIDE)
      statements.push(textOf(parameters[0]));
    return query.apply(this, parameters);
  };
  try {
    await work();
  } finally {
    prototype.query = query;
  }
  return statements;
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  return String((statement as { text?: unknown }).text);
}
