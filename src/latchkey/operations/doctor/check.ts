import type { DataSource } from 'typeorm';
import type { Environment, LoadedConfig } from '../../platform/config/load-config.js';
import type { RedisClient } from '../../platform/redis/create-redis-client.js';
import type { Finding } from './finding.js';

/** What is examined: read and asked, and never changed. */
export interface Subject {
  readonly environment: Environment;
  readonly config: LoadedConfig;
  /** Undefined where it cannot be asked: its own check says why. */
  readonly database?: DataSource;
  readonly redis?: RedisClient;
  readonly production: boolean;
}

/** A check of one part. What it throws becomes a finding. */
export interface Check {
  readonly part: string;
  /** Without which there is nothing to examine. */
  readonly needs?: 'database' | 'redis';
  examine(subject: Subject): AsyncIterable<Finding>;
}
