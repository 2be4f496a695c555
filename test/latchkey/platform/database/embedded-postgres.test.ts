import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EmbeddedPostgres } from '../../../../src/latchkey/platform/database/embedded/embedded-postgres.js';
import { StartupError } from '../../../../src/latchkey/platform/errors/startup-error.js';
import { DatabaseOwner } from '../../../support/database-owner.js';
import { watchOver } from '../../../support/watchdog.js';

let directory: string;
let lines: string[];
let running: { stop(): Promise<void> }[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'latchkey-data-'));
  // Open to the account that Postgres runs under when root runs the tests.
  await chmod(directory, 0o755);
  lines = [];
  running = [];
});

afterEach(async () => {
  for (const one of running) await one.stop();
  await rm(directory, { recursive: true });
});

it('keeps its data when the service stops and starts again', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE note (text text)');
  await query(first.url, "INSERT INTO note VALUES ('kept')");
  await first.stop();

  const second = await start();

  expect(await query(second.url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
});

it('has every committed row after the service was killed', async () => {
  const owner = await startOwner();
  await query(owner.url, 'CREATE TABLE note (text text)');
  await query(owner.url, "INSERT INTO note VALUES ('committed')");
  await owner.kill();

  const next = await start();

  expect(await query(next.url, 'SELECT text FROM note')).toEqual([{ text: 'committed' }]);
  await expect(query(owner.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
});

it('has every committed row after the service and its Postgres were killed', async () => {
  const owner = await startOwner();
  await query(owner.url, 'CREATE TABLE note AS SELECT generate_series(1, 1000)');
  const postgresPid = await readPostgresPid();
  await owner.kill();
  process.kill(postgresPid, 'SIGKILL');

  const next = await start();

  expect(await query(next.url, 'SELECT count(*)::int FROM note')).toEqual([{ count: 1000 }]);
});

it('refuses a second service on the same directory and says what to do', async () => {
  const owner = await startOwner();

  const second = start();

  await expect(second).rejects.toThrow(StartupError);
  await expect(second).rejects.toThrow(
    /Another Latchkey is running on .*: stop it, or set DATABASE_URL/,
  );
  expect(await query(owner.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
});

it('lets only one of several simultaneous starts have the directory', async () => {
  const starts = await Promise.allSettled([start(), start(), start(), start()]);

  expect(starts.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
  for (const one of starts) {
    if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(StartupError);
  }
});

it('starts where an earlier first start was cut off', async () => {
  const complete = await start();
  await complete.stop();
  const home = join(directory, 'postgres');
  await cp(join(home, 'data/base'), join(home, 'unfinished-0/base'), { recursive: true });
  await rm(join(home, 'data'), { recursive: true });

  const next = await start();

  expect(await query(next.url, 'SELECT current_database() AS name')).toEqual([
    { name: 'latchkey' },
  ]);
  await expect(stat(join(home, 'unfinished-0'))).rejects.toThrow('ENOENT');
});

it('starts although the process id of its last Postgres belongs to another program now', async () => {
  const first = await start();
  await first.stop();
  const data = join(directory, 'postgres/data');
  await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);

  const next = await start();

  expect(await query(next.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
});

it('keeps the password out of the log and away from other users', async () => {
  const database = await start();
  const { password } = new URL(database.url);
  const { mode } = await stat(join(directory, 'postgres/password'));

  expect(mode & 0o777).toBe(0o600);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('\n')).not.toContain(password);
});

it('says which directory cannot be used', async () => {
  await mkdir(join(directory, 'a'));
  await writeFile(join(directory, 'a/file'), '');
  const impossible = join(directory, 'a/file/data');

  const refused = EmbeddedPostgres.start({ directory: impossible, log: () => {} });

  await expect(refused).rejects.toThrow(`${impossible} cannot be written`);
});

async function start(): Promise<EmbeddedPostgres> {
  const database = await EmbeddedPostgres.start({ directory, log: (line) => lines.push(line) });
  const release = watchOver(await readPostgresPid(), directory);
  running.push({ stop: () => database.stop().finally(release) });
  return database;
}

async function startOwner(): Promise<DatabaseOwner> {
  const owner = await DatabaseOwner.start(directory);
  const release = watchOver(await readPostgresPid(), directory);
  running.push({ stop: () => stopLeftBehind(owner).finally(release) });
  return owner;
}

// A start takes over what a killed owner left running, so that the test leaves nothing.
async function stopLeftBehind(owner: DatabaseOwner): Promise<void> {
  await owner.kill();
  const successor = await EmbeddedPostgres.start({ directory, log: () => {} }).catch(() => null);
  await successor?.stop();
}

async function readPostgresPid(): Promise<number> {
  const file = join(directory, 'postgres/data/postmaster.pid');
  return Number.parseInt(await readFile(file, 'utf8'), 10);
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
