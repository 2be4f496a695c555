import { CLOCK_LEEWAY_SECONDS } from '../../../access/verification/access-token-limits.js';
import type { Check } from '../check.js';
import { notice, ok, wrong } from '../finding.js';

const WORTH_KNOWING_SECONDS = 1;

/** Whether the clocks of this machine, Postgres and Redis agree. */
export const clocksCheck: Check = {
  part: 'clocks',
  async *examine({ database, redis }) {
    const clocks: [name: string, read: () => Promise<number>][] = [];
    if (database !== undefined) {
      clocks.push([
        'Postgres',
        async () => {
          const [row] = await database.query<[{ now: number }]>(
            'SELECT extract(epoch FROM clock_timestamp())::float8 AS now',
          );
          return row.now;
        },
      ]);
    }
    if (redis !== undefined) {
      clocks.push([
        'Redis',
        async () => {
          const [seconds, microseconds] = (await redis.time()).map(Number);
          return (seconds ?? 0) + (microseconds ?? 0) / 1e6;
        },
      ]);
    }
    for (const [name, read] of clocks) {
      await read();
      const ahead = await aheadSeconds(read);
      const difference = Math.abs(ahead);
      const direction = ahead > 0 ? 'ahead of' : 'behind';
      const what = `The clock of ${name} is ${difference.toFixed(1)} s ${direction} that of this machine.`;
      const remedy = 'Have all machines set theirs by NTP.';
      if (difference > CLOCK_LEEWAY_SECONDS) yield wrong(what, remedy);
      else if (difference > WORTH_KNOWING_SECONDS) yield notice(what, remedy);
      else yield ok(`The clocks of this machine and ${name} agree.`);
    }
  },
};

/** By how much another clock is ahead at least: what the question took is given to it. */
async function aheadSeconds(read: () => Promise<number>): Promise<number> {
  const before = Date.now() / 1_000;
  const there = await read();
  const after = Date.now() / 1_000;
  if (there < before) return there - before;
  return Math.max(0, there - after);
}
