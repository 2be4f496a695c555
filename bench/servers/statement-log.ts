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
    const [statement, values] = parameters;
    count += 1;
    latest = [...latest, statementOf(statement, values)].slice(-KEPT);
    return send.apply(this, parameters);
  } as typeof prototype.query;
}

function statementOf(statement: unknown, values: unknown): Statement {
  const config =
    typeof statement === 'string' ? { text: statement, values } : { ...Object(statement) };
  return { sql: config.text ?? '', values: Array.isArray(config.values) ? config.values : [] };
}

/** Since the process started. */
export function statementCount(): number {
  return count;
}

export function latestStatements(): readonly Statement[] {
  return latest;
}
