import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The `redis-server` of this machine, else the one that `redis-memory-server` builds. */
export async function findRedisServer(): Promise<string> {
  const installed = 'redis-server';
  if (await run(installed, ['--version']).catch(() => null)) return installed;
  const require = createRequire(import.meta.url);
  const { default: RedisBinary } = require('redis-memory-server/lib/util/RedisBinary');
  try {
    return await RedisBinary.getPath();
  } catch (cause) {
    throw new Error(
      'The tests need a Redis and could not build one (that takes make, a C compiler and the ' +
        'network): install redis-server, by "apt-get install redis-server" or "brew install redis".',
      { cause },
    );
  }
}
