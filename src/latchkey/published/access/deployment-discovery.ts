import { Logger } from '@nestjs/common';
import { OutageLog } from '../../platform/logging/outage-log.js';
import { DeploymentId } from '../../platform/redis/deployment-id.js';
import { fetchJson } from './keys/fetch-json.js';
import type { ResourceServerSettings } from './resource-server-options.js';

const RETRY_MILLISECONDS = 1_000;
/** A new database under the same issuer has another id. */
const AGAIN_MILLISECONDS = 300_000;

type DiscoverySettings = Pick<
  ResourceServerSettings,
  'issuer' | 'metadataAddress' | 'deploymentId' | 'jwksTimeoutMilliseconds'
>;

/**
 * Learns from the issuer's metadata (RFC 8414) which deployment it is, and goes on asking. Asks
 * nothing where the options give the id.
 */
export class DeploymentDiscovery {
  private readonly outage: OutageLog;
  private readonly closing = new AbortController();
  private timer?: NodeJS.Timeout;
  private known?: string;

  /** @param onFound called with the first id and with every other one; never rejects */
  constructor(
    private readonly settings: DiscoverySettings,
    private readonly onFound: (deployment: DeploymentId) => Promise<void>,
  ) {
    const what = `Learning the deployment's id from ${settings.metadataAddress}`;
    this.outage = new OutageLog(new Logger('Access'), what);
  }

  /** Resolves when the first attempt has succeeded or failed; it goes on trying. Never rejects. */
  async start(): Promise<void> {
    const { deploymentId } = this.settings;
    if (deploymentId !== undefined) await this.onFound(new DeploymentId(deploymentId));
    else await this.look();
  }

  close(): void {
    clearTimeout(this.timer);
    this.closing.abort();
  }

  private async look(): Promise<void> {
    let wait = RETRY_MILLISECONDS;
    try {
      const id = await this.fetchId();
      this.outage.succeeded();
      if (this.closing.signal.aborted) return;
      if (id !== this.known) await this.onFound(new DeploymentId(id));
      this.known = id;
      wait = AGAIN_MILLISECONDS;
    } catch (error) {
      if (!this.closing.signal.aborted) this.outage.failed(error);
    }
    if (this.closing.signal.aborted) return;
    this.timer = setTimeout(() => void this.look(), wait).unref();
  }

  private async fetchId(): Promise<string> {
    const { issuer, metadataAddress, jwksTimeoutMilliseconds } = this.settings;
    const overdue = AbortSignal.timeout(jwksTimeoutMilliseconds);
    const signal = AbortSignal.any([this.closing.signal, overdue]);
    const { document } = await fetchJson(metadataAddress, 'application/json', signal);
    const metadata = Object(document) as Record<string, unknown>;
    // RFC 8414 section 3.3.
    if (metadata.issuer !== issuer) throw new Error('it is of another issuer');
    const { latchkey_deployment_id: id } = metadata;
    if (typeof id !== 'string') throw new Error('it names no deployment');
    return id;
  }
}
