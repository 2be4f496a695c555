import { randomInt } from 'node:crypto';
import { Redis } from 'ioredis';
import { PASSWORD } from '../../../builders/accounts.js';
import { headersOf, type Place, TRUST_LOOPBACK } from '../../../builders/places.js';
import type { Answer, ApiClient } from '../../../support/api-client.js';
import type { Stores } from '../../../support/stores.js';

/**
 * Throttling as it is set by default. That a machine is busy is no outage of Redis or of Postgres, and
 * nobody is sent away for it.
 */
export const THROTTLED = {
  ...TRUST_LOOPBACK,
  THROTTLING: 'on',
  REDIS_COMMAND_TIMEOUT_MS: '5000',
  DATABASE_CONNECTION_TIMEOUT_SECONDS: '60',
  HASHING_MAX_WAIT_SECONDS: '600',
};

export const WRONG_PASSWORD = 'wrong horse battery staple';

export interface Guess extends Place {
  readonly email: string;
  readonly password?: string;
  readonly cookie?: string;
}

/** An attempt to sign in, with the right password unless another one is given. */
export function trySignIn(
  api: ApiClient,
  { email, password = PASSWORD, cookie, ...place }: Guess,
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for each test to expect
): Promise<Answer<any>> {
  const body = { email, password, delivery: 'body' };
  const headers = headersOf(place);
  return api.post('/auth/login', body, { headers, ...(cookie !== undefined && { cookie }) });
}

/** Wrong passwords, one after another; the statuses of the answers. */
export async function guess(api: ApiClient, count: number, target: Guess): Promise<number[]> {
  const statuses: number[] = [];
  while (statuses.length < count) {
    const answer = await trySignIn(api, { password: WRONG_PASSWORD, ...target });
    statuses.push(answer.status);
  }
  return statuses;
}

/** Somewhere that nobody else is: a /64 of the documentation's addresses, without leading zeros. */
export function somewhere(): string {
  const group = () => randomInt(0x1000, 0x10000).toString(16);
  return `2001:db8:${group()}:${group()}::1`;
}

export function retryAfterOf({ headers }: Pick<Answer, 'headers'>): number {
  return Number(headers.get('retry-after'));
}

/** How many attempts Redis counts for each account. */
export async function accountsIn({ redisUrl }: Stores): Promise<Record<string, string | null>> {
  const redis = new Redis(redisUrl);
  const counts: Record<string, string | null> = {};
  for (const key of await redis.keys('latchkey:*:throttle:sign-in-account:*')) {
    if (/account:[^:]+$/.test(key)) counts[key] = await redis.get(key);
  }
  redis.disconnect();
  return counts;
}

/** Lets time pass for everything that is counted in Redis, whose clock decides. */
export async function letTimePass({ redisUrl }: Stores, seconds: number): Promise<void> {
  const redis = new Redis(redisUrl);
  for (const key of await redis.keys('latchkey:*:throttle:*')) {
    await redis.pexpire(key, (await redis.pttl(key)) - seconds * 1000);
  }
  redis.disconnect();
}
