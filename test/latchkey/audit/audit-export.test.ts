import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../builders/accounts.js';
import { runCommandLine } from '../../support/command-line.js';
import { shippedProgram } from '../../support/programs/program.js';
import { type Ended, freshDirectory } from '../../support/service-process.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../../support/test-app.js';
import { onThisMachine } from '../../support/time-limits.js';

const EVENTS_OF_OLD = 2_500;
const OLD = ['--to', '2025-01-02T00:00:00Z'];

let app: Awaited<ReturnType<typeof startTestApp>>;
let directory: Awaited<ReturnType<typeof freshDirectory>>;
let admin: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  directory = await freshDirectory();
  admin = await signUpAdmin(app);
  // One event a second from the first of January 2025 on.
  await app.stores.query(
    `INSERT INTO audit_events (id, created_at, action, outcome, user_agent, reason)
     SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0')
         || '70008000' || lpad(to_hex(number), 12, '0'))::uuid, at, 'sign_in.failed', 'failure',
       'x', CASE WHEN number % 2 = 0 THEN 'wrong_password' ELSE 'line\nbreak \u2028 "quoted"' END
     FROM (SELECT number, timestamptz '2025-01-01Z' + number * interval '1 second' AS at
       FROM generate_series(0, ${EVENTS_OF_OLD - 1}) AS number) AS series`,
  );
});
afterAll(async () => {
  await directory.remove();
  await app[Symbol.asyncDispose]();
});

const environment = () => ({
  ...CHEAP_ENOUGH_FOR_TESTS,
  DATABASE_URL: app.stores.databaseUrl,
});

function exportEvents(...args: string[]): Promise<Ended> {
  const command = ['audit', 'export', ...args];
  return runCommandLine(command, { directory: directory.path, env: environment() });
}

// What came after the last line break would be half a line.
const parse = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe('audit export', () => {
  it('writes what the API gives, one event a line, the oldest first', async () => {
    const { exitCode, output, errors } = await exportEvents('--actor', admin.userId);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const { body } = await app.api.get(`/admin/audit-events?actorId=${admin.userId}`, {
      token: admin.accessToken,
    });
    expect(parse(output)).toEqual(body.items.toReversed());
    expect(parse(output)).toMatchObject([{ action: 'session.started', anomalies: [] }]);
  });

  it(
    'writes each event once, however many, to a file of its owner, and goes on behind one',
    async () => {
      const first = await exportEvents(...OLD, '--out', 'old.ndjson');
      expect(first).toMatchObject({ exitCode: 0, output: '' });
      expect(first.errors).toBe(`${EVENTS_OF_OLD} events written to old.ndjson\n`);
      const path = join(directory.path, 'old.ndjson');
      const text = await readFile(path, 'utf8');
      const events = parse(text);
      expect(new Set(events.map(({ id }) => id)).size).toBe(EVENTS_OF_OLD);
      expect(events.map(({ createdAt }) => createdAt)).toEqual(
        events.map(({ createdAt }) => createdAt).toSorted(),
      );
      expect((await stat(path)).mode & 0o777).toBe(0o600);

      const rest = await exportEvents(...OLD, '--after', events[1_200].id);
      expect(parse(rest.output)).toEqual(events.slice(1_201));

      const again = await exportEvents(...OLD, '--out', 'old.ndjson');
      expect([again.exitCode, again.errors]).toEqual([
        1,
        'old.ndjson cannot be made (it is there already).\n',
      ]);
      expect(await readFile(path, 'utf8')).toBe(text);
    },
    onThisMachine(60_000),
  );

  it.each([
    [
      ['--action', 'nonsense', '--actor', 'me', '--from', 'yesterday'],
      /^actorId must be a UUID; action must be one of .*; from must be an ISO 8601 time .*\n$/,
    ],
    [['--after', '7'], /^Give the id of the event to continue after: --after <id>\n$/],
  ])('says what is wrong with %j', async (args, message) => {
    const { exitCode, output, errors } = await exportEvents(...args);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors).toMatch(message);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const { PATH, HOME } = process.env;
    const child: ChildProcess = spawn(
      process.execPath,
      [resolve(await shippedProgram('cli')), 'audit', 'export', ...OLD],
      { cwd: directory.path, env: { PATH, HOME, ...environment() }, stdio: 'pipe' },
    );
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (part) => {
      errors += part;
    });
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [exitCode] = await once(child, 'exit');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  });
});
