import pg from 'pg';

interface Client extends pg.Client {
  readonly connectionParameters: { readonly application_name?: string };
}

type Query = (this: Client, ...parameters: unknown[]) => unknown;

/** What goes on by the clock, whatever is asked of the service, has a connection of its own. */
const ASIDE = 'latchkey side';
/** The looks at scheduled jobs do not: what their connection is used for is left out. */
const OF_JOBS = /scheduled_jobs|pg_try_advisory_xact_lock/;

/** Every statement that this process sends to Postgres for `work`, in order. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const statements: { readonly client: Client; readonly text: string }[] = [];
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const { query } = prototype;
  prototype.query = function (...parameters) {
    if (this.connectionParameters.application_name !== ASIDE)
      statements.push({ client: this, text: textOf(parameters[0]) });
    return query.apply(this, parameters);
  };
  try {
    await work();
  } finally {
    prototype.query = query;
  }
  const ofJobs = statements.filter(({ text }) => OF_JOBS.test(text)).map(({ client }) => client);
  return statements.filter(({ client }) => !ofJobs.includes(client)).map(({ text }) => text);
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  return String((statement as { text?: unknown }).text);
}
