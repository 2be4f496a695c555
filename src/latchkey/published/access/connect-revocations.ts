import type { RevocationList } from '../../access/revocation-list.js';
import type { Clock } from '../../platform/clock/clock.js';
import { PeriodicTask } from '../../platform/clock/periodic-task.js';
import { RedisConfig } from '../../platform/redis/redis.config.js';
import { RedisConnections } from '../../platform/redis/redis-connections.js';
import { LiveRevocations } from '../../tokens/revocation/live/live-revocations.js';
import { RevocationListeners } from '../../tokens/revocation/live/revocation-listeners.js';
import { RevocationStaleness } from '../../tokens/revocation/live/revocation-staleness.js';
import { RevocationConfig } from '../../tokens/revocation/revocation.config.js';
import { DeploymentDiscovery } from './deployment-discovery.js';
import type { RemoteKeys } from './keys/remote-keys.js';
import type { ResourceServerSettings } from './resource-server-options.js';
import { StreamOnlyFeed } from './stream-only-feed.js';

const TIDYING_MILLISECONDS = 1_000;

export interface ConnectedRevocations {
  readonly list: RevocationList;
  close(): void;
}

/**
 * The revocations that Redis tells of, loaded and kept current. Of an absent Redis it takes note
 * within a moment, and goes on trying. This is where the Redis client is loaded.
 */
export async function connectRevocations(
  settings: ResourceServerSettings,
  keys: RemoteKeys,
  clock: Clock,
): Promise<ConnectedRevocations> {
  const config = Object.assign(new RevocationConfig(), {
    maxStalenessSeconds: settings.revocationMaxStalenessSeconds,
    onOutage: settings.revocationOnOutage,
  });
  const redisConfig = Object.assign(new RedisConfig(), { url: settings.redisUrl });
  const staleness = new RevocationStaleness(clock, config);
  const list = new LiveRevocations(clock, staleness, config, listenersOf(keys));
  const provenAlways = settings.revocationProof === 'always';
  let disconnect = () => {};
  const discovery = new DeploymentDiscovery(settings, async (deployment) => {
    disconnect();
    staleness.forget();
    const redis = new RedisConnections(redisConfig, deployment);
    const feed = new StreamOnlyFeed(redis, list, staleness, clock, config, provenAlways);
    disconnect = () => feed.stop();
    await feed.start();
  });
  const tidying = new PeriodicTask(async () => {
    list.forgetExpired();
    staleness.isOverdue();
  }, TIDYING_MILLISECONDS);
  await discovery.start();
  tidying.start();
  return {
    list,
    close: () => {
      tidying.stop();
      discovery.close();
      disconnect();
    },
  };
}

function listenersOf(keys: RemoteKeys): RevocationListeners {
  const listeners = new RevocationListeners();
  listeners.on('key', (news) =>
    keys.revoke(news.flatMap((one) => (one.kind === 'key' ? one.keyId : []))),
  );
  listeners.on('key-published', () => void keys.refresh());
  return listeners;
}
