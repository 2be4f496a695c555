import pg from 'pg';

interface Client extends pg.Client {
  readonly connectionParameters: { readonly application_name?: string };
}

type Query = (this: Client, ...parameters: unknown[]) => unknown;

/** What goes on by the clock, whatever is asked of the service, has a connection of its own. */
const ASIDE = 'latchkey side';
/** The looks at scheduled jobs do not: their transactions are left out. */
const OF_JOBS = /scheduled_jobs|pg_try_advisory_xact_lock/;
const BEGIN = /^\s*(?:START TRANSACTION|BEGIN)/i;
const END = /^\s*(?:COMMIT|ROLLBACK)(?! TO)/i;

/** Every statement that this process sends to Postgres for `work`, in order. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const statements: Sent[] = [];
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
  const ofJobs = new Set(
    [...new Set(statements.map(({ client }) => client))]
      .flatMap((client) => transactionsOf(statements.filter((sent) => sent.client === client)))
      .filter(isOfJobs)
      .flat(),
  );
  return statements.filter((sent) => !ofJobs.has(sent)).map(({ text }) => text);
}

interface Sent {
  readonly client: Client;
  readonly text: string;
}

/** What one connection sent, by transaction; a statement outside of one is one by itself. */
function transactionsOf(sent: readonly Sent[]): Sent[][] {
  const firstEnd = sent.findIndex(({ text }) => END.test(text));
  const firstBegin = sent.findIndex(({ text }) => BEGIN.test(text));
  // One that began before the recording did.
  const under = firstEnd >= 0 && (firstBegin < 0 || firstEnd < firstBegin) ? firstEnd + 1 : 0;
  const transactions = under > 0 ? [sent.slice(0, under)] : [];
  let isOpen = false;
  for (const statement of sent.slice(under)) {
    if (isOpen) transactions.at(-1)?.push(statement);
    else transactions.push([statement]);
    isOpen = END.test(statement.text) ? false : isOpen || BEGIN.test(statement.text);
  }
  return transactions;
}

function isOfJobs(transaction: readonly Sent[]): boolean {
  if (transaction.some(({ text }) => OF_JOBS.test(text))) return true;
  // Begun, and nothing said in it yet: not of `work`, which is over.
  return transaction.length === 1 && BEGIN.test(transaction[0]?.text ?? '');
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  return String((statement as { text?: unknown }).text);
}
