import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { figure } from '../figures.js';
import type { Row } from '../row.js';
import type { MeasuredServer } from '../servers/measured-server.js';
import { startLatchkey } from '../servers/start-latchkey.js';
import { countCommands } from '../stores/count-commands.js';

const INSTANCES = 16;

/** What instances ask by the clock alone: polls, the tail of the stream, marks that they live. */
export const idleInstances: Row = {
  name: 'idle-instances',
  title:
    'What each of sixteen instances without requests costs the Redis and the Postgres they share',
  target: '≤ 3 statements and ≤ 4 commands a second',
  async run(bench) {
    const database = await bench.stores.createDatabase();
    const servers: MeasuredServer[] = [];
    while (servers.length < INSTANCES) servers.push(await startLatchkey(bench, database));
    const redis = new Redis(await bench.stores.redisUrl());
    bench.own({ stop: async () => redis.disconnect() });
    const count = async () => {
      const usages = await Promise.all(servers.map((server) => server.usage()));
      return {
        statements: usages.reduce((sum, usage) => sum + usage.statements, 0),
        commands: await countCommands(redis),
        processorMilliseconds:
          usages.reduce((sum, usage) => sum + usage.processorMicroseconds, 0) / 1_000,
      };
    };
    const rounds = { statements: [], commands: [], processorMilliseconds: [] } as Record<
      keyof Awaited<ReturnType<typeof count>>,
      number[]
    >;
    for (let round = 1; round <= bench.rounds; round++) {
      bench.progress(`round ${round} of ${bench.rounds}`);
      const [startedAt, before] = [performance.now(), await count()];
      await pause(2 * bench.seconds * 1_000);
      const [after, seconds] = [await count(), (performance.now() - startedAt) / 1_000];
      for (const name of Object.keys(rounds) as (keyof typeof rounds)[]) {
        rounds[name].push((after[name] - before[name]) / seconds / INSTANCES);
      }
    }
    return [
      figure('SQL statements of an idle instance', '/s', rounds.statements, { atMost: 3 }),
      figure('Redis commands of an idle instance', '/s', rounds.commands, { atMost: 4 }),
      figure('processor time of an idle instance', 'ms/s', rounds.processorMilliseconds),
    ];
  },
};
