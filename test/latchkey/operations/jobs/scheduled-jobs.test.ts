import { Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContext, LatchkeyModule, ScheduledJob } from '../../../../src/latchkey/index.js';
import { loadConfig } from '../../../../src/latchkey/platform/config/load-config.js';
import {
  DatabaseLocation,
  latchkeySources,
} from '../../../../src/latchkey/platform/database/database-location.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS, TestApp } from '../../../support/test-app.js';

interface Run {
  readonly by: Ticks;
  readonly signal: AbortSignal;
  ended: boolean;
}

/** Each test says what a run does. */
let work: (run: Run) => Promise<void>;
const runs: Run[] = [];

@Injectable()
class Ticks extends ScheduledJob {
  readonly name = 'ticks';
  readonly intervalSeconds = 1;

  async run(signal: AbortSignal): Promise<void> {
    const run: Run = { by: this, signal, ended: false };
    runs.push(run);
    try {
      await work(run);
    } finally {
      run.ended = true;
    }
  }
}

@Module({ imports: [LatchkeyModule], providers: [Ticks] })
class TicksModule {}

@Injectable()
class OtherTicks extends Ticks {}
@Module({ imports: [TicksModule], providers: [OtherTicks] })
class TwiceModule {}

let stores: Stores;
const apps: TestApp[] = [];
beforeAll(async () => {
  work = async () => undefined;
  stores = await createStores();
  for (const _ of [1, 2]) apps.push(await TestApp.start({ stores, module: TicksModule }));
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await stores.drop();
});

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
let release: () => void = () => undefined;
/** From here on, runs go on until they are told to stop, or are released: the one that is under way. */
async function longRun(): Promise<Run> {
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  work = ({ signal }) => Promise.race([aborted(signal), released]);
  return eventually(
    async () => {
      const run = runs.find(({ ended }) => !ended);
      if (run === undefined) throw new Error('No run has begun.');
      return run;
    },
    { within: 15 },
  );
}

describe('a scheduled job', () => {
  it('runs again and again, also after a failure, and as often as one instance would', async () => {
    const start = performance.now();
    const before = runs.length;
    const count = () => runs.length - before;
    work = async () => {
      throw new Error('This run fails.');
    };
    await eventually(async () => expect(count()).toBeGreaterThanOrEqual(3), { within: 20 });
    const seconds = (performance.now() - start) / 1_000;
    // One when it begins, and the one that was due already.
    expect(count()).toBeLessThanOrEqual(seconds + 2);
  });

  it('is run by one instance while it is at it, and by another when its connection dies', async () => {
    const first = await longRun();
    const holders = await stores.query<{ pid: number }>(
      `SELECT lock.pid FROM pg_locks lock JOIN pg_database db ON db.oid = lock.database
       WHERE lock.locktype = 'advisory' AND lock.granted AND db.datname = current_database()
         AND (lock.classid::bigint << 32 | lock.objid::bigint) = hashtextextended('job ticks', 0)`,
    );
    expect(holders).toHaveLength(1);
    expect(runs.filter(({ ended }) => !ended)).toEqual([first]);
    await stores.query('SELECT pg_terminate_backend($1)', [holders[0]?.pid]);
    await eventually(async () => expect(first.ended).toBe(true), { within: 5 });
    await longRun();
  });

  it('is told to stop when its instance does, and another instance takes over', async () => {
    const run = await longRun();
    const index = apps.findIndex((app) => app.nest.get(Ticks, { strict: false }) === run.by);
    const [leaving] = apps.splice(index, 1);
    await leaving?.stop();
    expect(run).toMatchObject({ ended: true, signal: { aborted: true } });
    const next = await longRun();
    expect(next.by).not.toBe(run.by);
  });

  it('does not run beside a command, which does what it was asked for', async () => {
    work = async () => undefined;
    release();
    const before = runs.length;
    const config = loadConfig({ ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL: stores.databaseUrl });
    const location = new DatabaseLocation(stores.databaseUrl, [latchkeySources]);
    const command = await createContext(TicksModule, config, location);
    const ofCommand = command.get(Ticks, { strict: false });
    await eventually(
      async () => expect(runs.slice(before).some(({ by }) => by !== ofCommand)).toBe(true),
      { within: 30 },
    );
    await command.close();
    expect(runs.filter(({ by }) => by === ofCommand)).toEqual([]);
  });

  it('has a name of its own', async () => {
    await expect(TestApp.start({ stores, module: TwiceModule })).rejects.toThrow(
      'Two jobs are called ticks. Rename one.',
    );
  });
});
