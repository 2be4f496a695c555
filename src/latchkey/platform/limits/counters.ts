import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RateLimiterRes } from 'rate-limiter-flexible';
import { Clock } from '../clock/clock.js';
import { AppSecrets } from '../config/app-secrets.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { BoundedMemoryLimiter, type Limiter, RedisLimiter } from './limiters.js';
import { RedisLeases } from './redis-leases.js';
import { UndecidedAttempts } from './undecided-attempts.js';

/**
 * How long a count lives on, in whole seconds and at least one, so that `Retry-After` is never 0.
 */
export function secondsOf({ msBeforeNext }: Pick<RateLimiterRes, 'msBeforeNext'>): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}

/**
 * One that has been counted, and how long the key's time still is. Once that is over nothing can be
 * undone any more: what the key counts by then belongs to others.
 */
export interface Count {
  readonly consumedPoints: number;
  readonly msBeforeNext: number;
  takeBack(): Promise<void>;
}

/** Counts by key, each for a time that begins with its first count. */
export class Counter {
  constructor(
    private readonly limiter: Limiter,
    private readonly clock: Clock,
  ) {}

  /** @param customDuration in seconds, instead of the usual time, for a key that has none running */
  async count(key: string, customDuration?: number): Promise<Count> {
    const since = this.clock.monotonic();
    const { consumedPoints, msBeforeNext } = await this.limiter.penalty(key, 1, { customDuration });
    const isOver = () => this.clock.monotonic() - since >= msBeforeNext;
    return {
      consumedPoints,
      msBeforeNext,
      takeBack: async () => {
        if (!isOver()) await this.limiter.reward(key);
      },
    };
  }

  find(key: string): Promise<RateLimiterRes | null> {
    return this.limiter.get(key);
  }

  async forget(key: string): Promise<void> {
    await this.limiter.delete(key);
  }
}

const DEFAULT_CAPACITY = 10_000;

/**
 * Where attempts are counted: in Redis, for all instances together; in this process where there is
 * no Redis, and for as long as it does not answer. A count never fails, and waits for Redis for
 * `REDIS_COMMAND_TIMEOUT_MS` at most.
 */
@Injectable()
export class Counters {
  private readonly key: Buffer;
  private readonly leases?: RedisLeases;
  private cutting = false;
  /** What clients are told limits are called. */
  readonly policyNames = new Set<string>();

  constructor(
    secrets: AppSecrets,
    private readonly redis: RedisConnections,
    private readonly clock: Clock,
  ) {
    [this.key] = secrets.keysFor('throttle');
    if (redis.enabled) this.leases = new RedisLeases(redis.command(), () => this.reconnect());
  }

  /**
   * @param durationSeconds how long a key is counted, from its first count
   * @param capacity how many keys this process remembers while it counts by itself
   */
  create(name: string, durationSeconds: number, capacity = DEFAULT_CAPACITY): Counter {
    return new Counter(this.limiter(name, durationSeconds, capacity), this.clock);
  }

  /** Attempts by key, until they are judged. */
  createUndecided(name: string): UndecidedAttempts {
    return new UndecidedAttempts(prefixOf(`${name}:undecided`), this.leases);
  }

  /**
   * A pseudonym for the subject, so that a reader of Redis learns neither addresses nor accounts.
   * It stands in braces (a hash tag of Redis Cluster), so that all counts of one subject are in one
   * slot and are read and written in the order of the calls.
   */
  keyOf(subject: string): string {
    const hmac = createHmac('sha256', this.key).update(subject).digest('base64url');
    return `{${hmac}}`;
  }

  private limiter(name: string, durationSeconds: number, capacity: number): Limiter {
    const options = {
      keyPrefix: prefixOf(name),
      points: Number.MAX_SAFE_INTEGER,
      duration: durationSeconds,
    };
    const inProcess = new BoundedMemoryLimiter({ ...options, capacity });
    if (!this.redis.enabled) return inProcess;
    const inRedis = { ...options, storeClient: this.redis.command() };
    return new RedisLimiter(inRedis, inProcess, () => this.reconnect());
  }

  /** Not ready: it does so already. Ready: Redis does not answer, and the next need not wait. */
  private reconnect(): void {
    const client = this.redis.command();
    if (this.cutting || client.status !== 'ready') return;
    this.cutting = true;
    client.once('close', () => {
      this.cutting = false;
    });
    client.disconnect(true);
  }
}

function prefixOf(name: string): string {
  return `throttle:${name}`;
}
