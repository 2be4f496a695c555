import pg from 'pg';
import { answerParent } from '../processes/answers.js';
import type { Statement } from '../servers/statement-log.js';

interface PeriodicTask {
  readonly url: string;
  readonly update: Statement;
  readonly sessionIds: readonly string[];
  readonly mode: 'extended' | 'prepared';
  readonly seconds: number;
}

/** Repeats a statement with as many clients as there are sessions; what it changes is no matter. */
async function run({ url, update, sessionIds, mode, seconds }: PeriodicTask): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  const counts = sessionIds.map(async (sessionId) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const values = [sessionId, ...update.values.slice(1)];
    const name = mode === 'prepared' ? 'rotate' : undefined;
    let count = 0;
    for (; performance.now() < until; count++)
      await client.query({ text: update.sql, values, name });
    await client.end();
    return count;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0) / seconds;
}

answerParent({ run });
