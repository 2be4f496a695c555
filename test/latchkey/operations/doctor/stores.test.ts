import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../support/command-line.js';
import { DatabaseClock } from '../../../support/database-clock.js';
import { eventually } from '../../../support/eventually.js';
import { RefusingPooler } from '../../../support/refusing-pooler.js';
import { freshDirectory } from '../../../support/service-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../../../support/test-app.js';
import { TestRedis } from '../../../support/test-redis.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { type Examination, examined } from './examined.js';

const NOWHERE = 'redis://127.0.0.1:1';

let stores: Stores;
beforeAll(async () => {
  stores = await createStores();
  // Makes the keys.
  const app = await startTestApp({ OUTBOX_WORKER: 'off' }, { stores });
  await app.stop();
}, onThisMachine(60_000));
afterAll(() => stores.drop());

const examine = (env = {}): Promise<Examination> =>
  examined({ DATABASE_URL: stores.databaseUrl, REDIS_URL: stores.redisUrl, ...env });
const nameOf = (url: string) => new URL(url).pathname.slice(1);

describe('doctor', () => {
  it('finds nothing wrong where nothing is, and says what it looked at', async () => {
    const { exitCode, errors, findings, of } = await examine();
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(findings.filter(({ status }) => status === 'wrong')).toEqual([]);
    expect(of('database')).toEqual([expect.stringMatching(/^ok: Postgres \d+/)]);
    expect(of('redis')).toEqual([expect.stringMatching(/^ok: Redis \d+/)]);
    expect(of('migrations')).toEqual(['ok: The schema is up to date.']);
    expect(of('clocks')).toHaveLength(2);
    expect(of('keys')).toEqual(['ok: The key that signs has done so for 0 days.']);
    expect(of('outbox')).toEqual(['ok: 0 messages wait to be told.']);
    expect(of('accounts')).toEqual([
      'ok: 0 accounts have an address that would not be accepted today.',
    ]);
  });

  it('says it to people in lines, what to do below what is wrong', async () => {
    const directory = await freshDirectory();
    const env = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL: stores.databaseUrl, REDIS_URL: NOWHERE };
    const { output } = await runCommandLine(['doctor'], { directory: directory.path, env });
    await directory.remove();
    expect(output).toMatch(
      /^wrong {4}redis {11}Redis at REDIS_URL cannot be used \(.*\n {25}Start it, or correct REDIS_URL\./m,
    );
    expect(output).toMatch(/^ok {7}database {8}Postgres \d+.* answers\.$/m);
  });

  it('goes on where Postgres and Redis are both away', async () => {
    const DATABASE_URL = 'postgres://latchkey:hunter2@127.0.0.1:1/latchkey';
    const { exitCode, findings, of } = await examine({ DATABASE_URL, REDIS_URL: NOWHERE });
    expect(exitCode).toBe(1);
    expect(of('database')).toEqual([
      expect.stringMatching(/^wrong: The database at .*ECONNREFUSED/),
    ]);
    expect(of('redis')).toEqual([
      expect.stringMatching(/^wrong: Redis at REDIS_URL cannot be used/),
    ]);
    for (const part of ['migrations', 'keys', 'outbox', 'accounts']) {
      expect(of(part)).toEqual(['skipped: Not examined: the database cannot be asked.']);
    }
    expect(of('mail')).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  it('changes nothing: a database without a schema stays without one', async () => {
    const empty = await createStores();
    await empty.query('DROP SCHEMA public CASCADE');
    await empty.query('CREATE SCHEMA public');
    const { exitCode, of } = await examine({ DATABASE_URL: empty.databaseUrl });
    expect(exitCode).toBe(1);
    expect(of('migrations')).toEqual([expect.stringMatching(/^wrong: \d+ migrations are pending/)]);
    expect(of('keys')).toEqual(['skipped: Not examined: its table is not there yet.']);
    const tables = await empty.query(`SELECT FROM pg_tables WHERE schemaname = 'public'`);
    expect(tables).toEqual([]);
    await empty.drop();
  });
});

describe('doctor finds in Postgres', () => {
  it('a migration of a newer version, and one that is pending', async () => {
    await stores.query(`INSERT INTO migrations (timestamp, name) VALUES (1, 'Newer1')`);
    expect((await examine()).of('migrations')).toEqual([
      expect.stringMatching(
        /^wrong: The database has been migrated by a newer version: it has Newer1/,
      ),
    ]);
    await stores.query(`DELETE FROM migrations WHERE name = 'Newer1'`);
    const [last] = await stores.query<{ name: string; timestamp: string; id: number }>(
      'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING *',
    );
    expect((await examine()).of('migrations')).toEqual([
      `wrong: 1 migrations are pending, the first of them ${last?.name}.`,
    ]);
    await stores.query('INSERT INTO migrations (id, timestamp, name) VALUES ($1, $2, $3)', [
      last?.id,
      last?.timestamp,
      last?.name,
    ]);
  });

  it('that it takes nothing that is written', async () => {
    const name = nameOf(stores.databaseUrl);
    await stores.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const { exitCode, of } = await examine();
    await stores.query(
      'SET default_transaction_read_only = off; ALTER DATABASE ' +
        name +
        ' RESET default_transaction_read_only',
    );
    expect(exitCode).toBe(1);
    expect(of('database')).toContainEqual(
      expect.stringMatching(/^wrong: The database takes nothing that is written/),
    );
  });

  it('a pooler that passes on no time limits, and more connections than there are', async () => {
    const pooler = await RefusingPooler.start(stores.databaseUrl);
    const DATABASE_URL = pooler.lead(stores.databaseUrl);
    const { of } = await examine({ DATABASE_URL, DATABASE_POOL_SIZE: '200' });
    await pooler.stop();
    expect(of('database')).toContainEqual(
      expect.stringMatching(/^wrong: Statements have no time limit in Postgres: a pooler/),
    );
    const [row] = await stores.query<{ most: string }>('SHOW max_connections');
    const most = Number(Object.values(row ?? {})[0]);
    const told = of('database').some((line) => line.startsWith('wrong: One process may hold 203'));
    expect(told).toBe(most < 203);
  });

  it('a clock that is wrong', async () => {
    const own = await createStores();
    const clock = await DatabaseClock.of(own);
    const clocksAt = async (seconds: number) => {
      await clock.set(seconds);
      return (await examine({ DATABASE_URL: own.databaseUrl })).of('clocks')[0];
    };
    expect(await clocksAt(300)).toMatch(
      /^wrong: The clock of Postgres is (300\.0|299\.\d) s ahead of that of this machine\.$/,
    );
    expect(await clocksAt(-20)).toMatch(/^notice: The clock of Postgres is .* s behind that/);
    await own.drop();
  });

  it('a key that no secret opens, and one that has signed for too long', async () => {
    const other = await examine({
      APP_SECRETS: 'another text that nothing else here knows 9876543210',
    });
    expect(other.exitCode).toBe(1);
    expect(other.of('keys')).toEqual([
      expect.stringMatching(
        /^wrong: No secret of APP_SECRETS opens the key [\w-]{43} \((current|next)\)/,
      ),
      expect.stringMatching(
        /^wrong: No secret of APP_SECRETS opens the key [\w-]{43} \((current|next)\)/,
      ),
    ]);
    await stores.query(
      `UPDATE signing_keys SET status_changed_at = now() - interval '40 days' WHERE status = 'current'`,
    );
    expect((await examine()).of('keys')).toEqual([
      expect.stringMatching(
        /^wrong: The key [\w-]{43} has signed for 40 days, and SIGNING_KEY_ROTATION_DAYS is 30/,
      ),
    ]);
    const { of } = await examine({ SIGNING_KEY_ROTATION_DAYS: '60', JWT_ALGORITHM: 'PS256' });
    expect(of('keys')).toEqual([
      'ok: The key that signs has done so for 40 days.',
      'notice: ES256 signs, and JWT_ALGORITHM is PS256.',
    ]);
  });

  it('messages that were given up, and messages that nobody delivers', async () => {
    const put = (state: string) =>
      stores.query(
        `INSERT INTO outbox (id, kind, recipient, payload, state, gives_up_at, created_at, settled_at)
         VALUES (gen_random_uuid(), 'mail', 'x', '{}', $1, now(), now() - interval '3 hours',
           CASE $1 WHEN 'waiting' THEN NULL ELSE now() END)`,
        [state],
      );
    await put('dead');
    await put('waiting');
    const { exitCode, of } = await examine();
    expect(exitCode).toBe(1);
    expect(of('outbox')).toEqual([
      'wrong: 1 messages were given up after a day of tries.',
      'wrong: 1 messages wait, the oldest for 180 minutes.',
    ]);
    await stores.query('DELETE FROM outbox');
  });
});

describe('doctor finds in Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await TestRedis.start();
  });
  afterAll(() => redis.stop());

  const found = async () => (await examine({ REDIS_URL: redis.url })).of('redis').slice(1);

  it('that it removes keys when it is full, and that it is nearly full', async () => {
    expect(await found()).toEqual([]);
    const [, used] = /used_memory:(\d+)/.exec(String(await redis.command('INFO', 'memory'))) ?? [];
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.command('CONFIG', 'SET', 'maxmemory', String(used));
    expect(await found()).toEqual([
      expect.stringMatching(
        /^wrong: Redis removes keys when it is full \(maxmemory-policy allkeys-lru\)/,
      ),
      expect.stringMatching(/^wrong: Redis has used nine tenths/),
    ]);
    await redis.command('CONFIG', 'SET', 'maxmemory', '1gb');
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    expect(await found()).toEqual([]);
  });

  it('that it is a replica', async () => {
    const master = await TestRedis.start();
    await redis.replicate(master.port);
    expect(await found()).toEqual([expect.stringMatching(/^wrong: REDIS_URL leads to a replica/)]);
    await redis.promote();
    await master.stop();
  });

  it('that it cannot save', async () => {
    const [, directory = ''] = (await redis.command('CONFIG', 'GET', 'dir')) as string[];
    // What is saved is renamed to a file of this name.
    await rm(join(directory, 'dump.rdb'), { force: true });
    await mkdir(join(directory, 'dump.rdb'));
    await redis.command('BGSAVE');
    await eventually(
      async () =>
        expect(await found()).toEqual([expect.stringMatching(/^wrong: Redis could not save/)]),
      { within: 10 },
    );
    await rmdir(join(directory, 'dump.rdb'));
  });

  it('that it does not answer', async () => {
    await redis.pause();
    const { exitCode, of } = await examine({ REDIS_URL: redis.url });
    await redis.resume();
    expect(exitCode).toBe(1);
    expect(of('redis')).toEqual([
      expect.stringMatching(/^wrong: Redis at REDIS_URL cannot be used/),
    ]);
    expect(of('database')).toEqual([expect.stringMatching(/^ok: /)]);
  });
});
