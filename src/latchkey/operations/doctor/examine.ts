import { QueryFailedError } from 'typeorm';
import type { Environment } from '../../platform/config/load-config.js';
import { loadConfig } from '../../platform/config/load-config.js';
import { RuntimeConfig } from '../../platform/config/runtime.config.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import type { Check, Subject } from './check.js';
import { CHECKS } from './checks.js';
import { type Finding, ok, skipped, wrong } from './finding.js';
import { openDatabase, openRedis } from './open-stores.js';

/** SQLSTATE undefined_table. */
const NO_TABLE = '42P01';

/** A finding, and of which part. */
export interface ExaminedFinding extends Finding {
  readonly part: string;
}

/**
 * Examines the settings and what they lead to, part by part, and goes on where one is down. Changes nothing,
 * and starts nothing that a service does.
 */
export async function* examine(environment: Environment): AsyncGenerator<ExaminedFinding> {
  const config = loaded(environment);
  if (config instanceof StartupError) {
    yield* problemsIn(config);
    return;
  }
  yield { part: 'settings', ...ok('The settings are well-formed.') };
  const [database, redis] = await Promise.all([openDatabase(config), openRedis(config)]);
  const subject: Subject = {
    environment,
    config,
    ...(database.store !== undefined && { database: database.store }),
    ...(redis.store !== undefined && { redis: redis.store }),
    production: config.get(RuntimeConfig).production,
  };
  try {
    if (database.finding !== undefined) yield { part: 'database', ...database.finding };
    if (redis.finding !== undefined) yield { part: 'redis', ...redis.finding };
    for (const check of CHECKS) yield* findingsOf(check, subject);
  } finally {
    await Promise.allSettled([database.close(), redis.close()]);
  }
}

function loaded(environment: Environment) {
  try {
    return loadConfig(environment);
  } catch (error) {
    if (error instanceof StartupError) return error;
    throw error;
  }
}

function* problemsIn({ message }: StartupError): Generator<ExaminedFinding> {
  for (const line of message.split('\n').slice(1)) {
    const what = line.replace(/^ *- /, '');
    yield { part: 'settings', ...wrong(what, 'Nothing starts before (.env.example).') };
  }
  yield {
    part: 'all else',
    ...skipped('Not examined: what the settings lead to is not known before they are right.'),
  };
}

/** The migrations' check says that it is pending. */
function isWithoutTable(error: unknown): boolean {
  return error instanceof QueryFailedError && error.driverError.code === NO_TABLE;
}

async function* findingsOf(check: Check, subject: Subject): AsyncGenerator<ExaminedFinding> {
  const { part, needs } = check;
  if (needs !== undefined && subject[needs] === undefined) {
    const what = needs === 'database' ? 'the database cannot be asked' : 'there is no Redis to ask';
    if (part !== needs) yield { part, ...skipped(`Not examined: ${what}.`) };
    return;
  }
  try {
    for await (const finding of check.examine(subject)) yield { part, ...finding };
  } catch (error) {
    if (isWithoutTable(error)) {
      yield { part, ...skipped('Not examined: its table is not there yet.') };
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = 'Mend what the reason names, and examine again.';
    yield { part, ...wrong(`It could not be examined: ${reason}`, remedy) };
  }
}
