import { keepTemporaryFilesInMemory } from './memory-files.js';
import { migrateTemplate } from './template-database.js';
import { TestPostgres } from './test-postgres.js';
import { TestRedis } from './test-redis.js';
import { measureSlowness } from './time-limits.js';

const running: { stop(): Promise<void> }[] = [];

/** Starts what every test shares and puts the addresses where the workers find them. */
export async function startTestServers(): Promise<void> {
  process.env.TEST_SLOWNESS_AT_START = String(measureSlowness(25));
  await keepTemporaryFilesInMemory();
  const [postgres, redis] = await Promise.all([TestPostgres.start(), TestRedis.start()]);
  running.push(postgres, redis);
  await migrateTemplate(postgres.url);
  process.env.TEST_POSTGRES_URL = postgres.url;
  process.env.TEST_REDIS_URL = redis.url;
}

export async function stopTestServers(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.stop()));
}
