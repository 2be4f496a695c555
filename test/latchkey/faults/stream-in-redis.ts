import { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { SignedIn } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';

/** Of whichever deployment: each test has a Redis of its own. */
const STREAM = 'latchkey:*:{revocations}';

/** What a verifier that knows nothing but Redis has learned of these sessions by now. */
export async function streamTellsOf(port: number, sessions: readonly SignedIn[]): Promise<void> {
  await withRedis(port, (redis) =>
    eventually(
      async () => {
        expect(await redis.keys(`${STREAM}:epoch`)).toHaveLength(1);
        const text = await textOfStream(redis);
        const missing = sessions.filter(({ sessionId }) => !text.includes(sessionId));
        expect(missing).toEqual([]);
      },
      { within: 5 },
    ),
  );
}

export function streamHolds(port: number, { sessionId }: SignedIn): Promise<boolean> {
  return withRedis(port, async (redis) => (await textOfStream(redis)).includes(sessionId));
}

/** How many messages tell of the session. */
export function timesInStream(port: number, { sessionId }: SignedIn): Promise<number> {
  return withRedis(port, async (redis) => (await textOfStream(redis)).split(sessionId).length - 1);
}

/** A whole pass goes by: Redis holds everything that was revoked before, and says so. */
export function passGoesBy(port: number): Promise<void> {
  return withRedis(port, async (redis) => {
    const since = await completedPasses(redis);
    await eventually(
      async () => {
        const news = (await completedPasses(redis)).filter((pass) => !since.includes(pass));
        // The first one may have been under way.
        expect(news.length).toBeGreaterThan(1);
      },
      { within: 10 },
    );
  });
}

async function completedPasses(redis: Redis): Promise<string[]> {
  const [key = ''] = await redis.keys(`${STREAM}:passes`);
  const passes = await redis.xrange(key, '-', '+');
  return passes.filter(([, [step]]) => step === 'complete').map(([id]) => id);
}

async function textOfStream(redis: Redis): Promise<string> {
  const streams = await redis.keys(STREAM);
  return JSON.stringify(await Promise.all(streams.map((key) => redis.xrange(key, '-', '+'))));
}

async function withRedis<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1');
  redis.on('error', () => undefined);
  return work(redis).finally(() => redis.disconnect());
}
