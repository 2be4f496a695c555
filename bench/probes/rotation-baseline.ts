import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchRun } from '../bench-run.js';
import { HttpClient } from '../load/http-client.js';
import { BenchChild } from '../processes/bench-child.js';
import type { MeasuredServer } from '../servers/measured-server.js';
import type { Statement } from '../servers/statement-log.js';
import type { BenchDatabase } from '../stores/bench-database.js';

const run = promisify(execFile);
/** Enough to tell the generation from every other number of the statement. */
const ROTATIONS = 7;
const DAY_MILLISECONDS = 86_400_000;
const DRIVER_SCRIPT = new URL('./driver-updates-process.ts', import.meta.url);

/** @returns how many a second, of the statement by itself */
export type RotationBaseline = (mode: 'extended' | 'prepared', seconds: number) => Promise<number>;

/**
 * The very UPDATE that a refresh sends, caught on its way, repeated by `pgbench` with one row for
 * each client; where there is no `pgbench`, by the driver that the service uses.
 */
export async function startRotationBaseline(
  bench: BenchRun,
  server: MeasuredServer,
  database: BenchDatabase,
  clients: number,
): Promise<RotationBaseline> {
  const update = await catchUpdate(server);
  const sessions = await server.startSessions(clients);
  const sessionIds = sessions.map(({ sessionId }) => sessionId);
  if (!(await run('pgbench', ['--version']).catch(() => null))) {
    const driver = bench.own(await BenchChild.start(DRIVER_SCRIPT));
    const input = { url: database.url, update, sessionIds };
    return (mode, seconds) => driver.ask('run', { ...input, mode, seconds });
  }
  const directory = await mkdtemp(join(tmpdir(), 'latchkey-bench-'));
  bench.own({ stop: () => rm(directory, { recursive: true, force: true }) });
  const script = join(directory, 'rotate.sql');
  await writeFile(script, pgbenchScript(update, sessionIds));
  return async (mode, seconds) => {
    await database.query('UPDATE sessions SET generation = 0 WHERE id = ANY($1)', [sessionIds]);
    const options = ['--no-vacuum', `--protocol=${mode}`, '--define=generation=0'];
    const pace = ['--jobs=2', `--client=${clients}`, `--time=${seconds}`];
    const env = { ...process.env, ...connectionVariables(database.url) };
    const { stdout } = await run('pgbench', [...options, ...pace, `--file=${script}`], { env });
    const rate = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
    const [least] = await database.query<{ generation: number }>(
      'SELECT min(generation) AS generation FROM sessions WHERE id = ANY($1)',
      [sessionIds],
    );
    if (least !== undefined && least.generation > 0 && rate > 0) return rate;
    throw new Error(`pgbench has not rotated every session: ${stdout}`);
  };
}

/** Not on the command line, where everybody could read the password. */
function connectionVariables(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: pathname.slice(1),
  };
}

async function catchUpdate(server: MeasuredServer): Promise<Statement> {
  const client = new HttpClient();
  const [session] = await server.startSessions(1);
  let refreshToken = session?.refreshToken;
  for (let index = 0; index <= ROTATIONS; index++) {
    const path = '/auth/refresh';
    const request = { origin: server.origin, method: 'POST', path } as const;
    const { text } = await client.send({ ...request, body: { refreshToken } });
    ({ refreshToken } = JSON.parse(text));
  }
  client.close();
  const statements = await server.latestStatements();
  const update = statements.findLast(({ sql }) => /^\s*UPDATE sessions/.test(sql));
  if (update === undefined) throw new Error('A refresh has sent no UPDATE of sessions.');
  return update;
}

/** The statement with its parameters filled in, but for those that change with every refresh. */
function pgbenchScript({ sql, values }: Statement, sessionIds: readonly string[]): string {
  const cases = sessionIds.map((id, client) => `WHEN ${client} THEN '${id}'`).join(' ');
  const statement = sql.replace(/\$(\d+)/g, (_, position) => {
    const value = values[Number(position) - 1];
    if (position === '1') return `(CASE :client_id::int ${cases} END)::uuid`;
    if (value === ROTATIONS) return ':generation';
    if (value === ROTATIONS + 1) return ':next';
    return literal(value);
  });
  const onOneLine = statement.replaceAll(/\s+/g, ' ').trim();
  return `\\set next :generation + 1\n${onOneLine};\n\\set generation :next\n`;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value !== 'number') return `'${String(value).replaceAll("'", "''")}'`;
  // A moment: a little later, so that no decision lapses while it is repeated.
  return String(value > 1e12 ? value + DAY_MILLISECONDS : value);
}
