import { AccessConfig } from '../../access/access.config.js';
import { RevocationList, type RevocationVerdict } from '../../access/revocation-list.js';
import type { VerificationKeys } from '../../access/verification/verification-keys.js';
import type { Clock } from '../../platform/clock/clock.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { RemoteKeys } from './keys/remote-keys.js';
import { MachineClock } from './machine-clock.js';
import { ProtectedResource } from './protected-resource.js';
import type { ResourceServerSettings } from './resource-server-options.js';

/**
 * What a service goes by that accepts access tokens without being the one that issues them (RFC
 * 6749 section 1.1): the issuer's keys, and what Redis tells of revocations.
 */
export class ResourceServer {
  private constructor(
    readonly config: AccessConfig,
    readonly clock: Clock,
    readonly keys: VerificationKeys,
    readonly revocations: RevocationList,
    readonly protectedResource: ProtectedResource,
    readonly close: () => void,
  ) {}

  /**
   * Fetches keys and revocations. Where either cannot be had in time it starts without, refuses
   * tokens with 503, and goes on trying.
   */
  static async start(settings: ResourceServerSettings): Promise<ResourceServer> {
    const { issuer: configuredIssuer, audience } = settings;
    const config = Object.assign(new AccessConfig(), { configuredIssuer, audience });
    const clock = new MachineClock();
    const keys = new RemoteKeys(settings, clock);
    const [revocations] = await Promise.all([
      startRevocations(settings, keys, clock),
      keys.refresh(),
    ]);
    const resource = new ProtectedResource(settings);
    return new ResourceServer(config, clock, keys, revocations.list, resource, () => {
      keys.close();
      revocations.close();
    });
  }
}

/** The Redis client is loaded only where there is a Redis. */
async function startRevocations(settings: ResourceServerSettings, keys: RemoteKeys, clock: Clock) {
  if (settings.redisUrl === undefined) return { list: new NoRevocations(), close: () => undefined };
  const { connectRevocations } = await import('./connect-revocations.js').catch(explainMissing);
  return connectRevocations(settings, keys, clock);
}

function explainMissing(cause: NodeJS.ErrnoException): never {
  if (cause.code !== 'ERR_MODULE_NOT_FOUND') throw cause;
  throw new StartupError('redisUrl needs the package ioredis: npm install ioredis', { cause });
}

/** Without Redis nothing is heard of revocations: a token is good until it expires. */
export class NoRevocations extends RevocationList {
  override verdict(): RevocationVerdict {
    return 'live';
  }
}
