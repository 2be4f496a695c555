import pg from 'pg';

export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const KEPT = 20;

let count = 0;
let latest: Statement[] = [];

/** Counts what this process sends to Postgres, whichever way it comes to the driver. */
export function countStatements(): void {
  const { prototype } = pg.Client;
  const send = prototype.query as (...parameters: unknown[]) => unknown;
  prototype.query = function query(this: pg.Client, ...parameters: unknown[]) {
    const [text, values] = parameters;
    const sql = typeof text === 'string' ? text : ((text as { text?: string })?.text ?? '');
    count += 1;
    latest = [...latest, { sql, values: Array.isArray(values) ? values : [] }].slice(-KEPT);
    return send.apply(this, parameters);
  } as typeof prototype.query;
}

/** Since the process started. */
export function statementCount(): number {
  return count;
}

export function latestStatements(): readonly Statement[] {
  return latest;
}
