import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { LoadGenerator } from '../load/load-generator.js';
import type { Row } from '../row.js';
import { startLatchkey } from '../servers/start-latchkey.js';
import { countCommands } from '../stores/count-commands.js';

const SECONDS = 2;
const WARM_UP_SECONDS = 1;

interface Commands {
  readonly statements: number;
  readonly redis: number;
}

/** What the service sends by the clock (polls, the tail of the feed) is measured and taken off. */
export const storeCommands: Row = {
  name: 'store-commands',
  title: 'SQL statements and Redis commands for each guarded GET',
  target: '0 and 0',
  async run(bench) {
    const server = await startLatchkey(bench, await bench.stores.createDatabase());
    const load = await LoadGenerator.start(bench);
    const redis = new Redis(await bench.stores.redisUrl());
    bench.own({ stop: async () => redis.disconnect() });
    const tokens = await server.issueTokens(100);
    const count = async (): Promise<Commands> => ({
      statements: (await server.usage()).statements,
      redis: await countCommands(redis),
    });
    const during = async (work: () => Promise<unknown>) => {
      const before = await count();
      await work();
      const after = await count();
      return {
        statements: after.statements - before.statements,
        redis: after.redis - before.redis,
      };
    };

    bench.progress('without requests');
    const idle = await during(() => pause((SECONDS + WARM_UP_SECONDS) * 1_000));
    bench.progress('with requests');
    let requests = 0;
    const loaded = await during(async () => {
      const plan = { method: 'GET', path: '/bench/guarded', connections: 32, tokens } as const;
      const { statuses } = await load.run({ ...plan, origin: server.origin, seconds: SECONDS });
      requests = statuses['200'] ?? 0;
    });
    const each = (of: keyof Commands) =>
      Math.round((Math.max(0, loaded[of] - idle[of]) / requests) * 100) / 100;
    const goal = { atMost: 0 };
    return [
      { label: 'SQL statements for each guarded GET', unit: '', value: each('statements'), goal },
      { label: 'Redis commands for each guarded GET', unit: '', value: each('redis'), goal },
      { label: 'guarded GETs counted over', unit: '', value: requests },
      { label: 'SQL statements meanwhile', unit: '', value: loaded.statements },
      { label: 'SQL statements in as long without requests', unit: '', value: idle.statements },
      { label: 'Redis commands meanwhile', unit: '', value: loaded.redis },
      { label: 'Redis commands in as long without requests', unit: '', value: idle.redis },
    ];
  },
};
