import type { BenchRun } from '../bench-run.js';
import { MeasuredServer } from '../servers/measured-server.js';
import type { TutorialKeyKind } from './tutorial-keys.js';

const SCRIPT = new URL('./tutorial-process.ts', import.meta.url);

/** The tutorial app, on stores of its own. */
export async function startTutorial(
  bench: BenchRun,
  keys: TutorialKeyKind,
): Promise<MeasuredServer> {
  bench.progress(`starting the tutorial app (${keys})`);
  const { url } = await bench.stores.createDatabase('empty');
  const env = {
    NODE_ENV: 'production',
    DATABASE_URL: url,
    REDIS_URL: await bench.stores.redisUrl(),
    TUTORIAL_KEYS: keys,
  };
  return bench.own(await MeasuredServer.start(SCRIPT, env));
}
