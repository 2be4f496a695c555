import { Logger } from '@nestjs/common';
import { UnknownKeys } from '../../../access/verification/unknown-keys.js';
import {
  type VerificationKey,
  VerificationKeys,
} from '../../../access/verification/verification-keys.js';
import type { Clock } from '../../../platform/clock/clock.js';
import { CoalescedTask } from '../../../platform/clock/coalesced-task.js';
import { OutageLog } from '../../../platform/logging/outage-log.js';
import type { ResourceServerSettings } from '../resource-server-options.js';
import { fetchJwks } from './fetch-jwks.js';
import { type KeysByKid, mergeKeys } from './merge-keys.js';
import { readJwk } from './read-jwk.js';

const COOLDOWN_MILLISECONDS = 1_000;
const RETRY_MILLISECONDS = 1_000;
/** A key that is gone may only be unknown yet to the instance that answered. */
const CONFIRMATION_MILLISECONDS = 2_000;

type JwksSettings = Pick<
  ResourceServerSettings,
  'jwksUri' | 'jwksTimeoutMilliseconds' | 'jwksMaxStalenessSeconds'
>;

/**
 * The keys that the issuer publishes, in memory. They are fetched again before they are too old,
 * on word of a new key, and for a token of a key that is not known; a token of a known key never
 * waits. While the issuer is away they are kept, up to `jwksMaxStalenessSeconds`.
 */
export class RemoteKeys extends VerificationKeys {
  private readonly outage: OutageLog;
  private readonly closing = new AbortController();
  private readonly refreshing: CoalescedTask;
  private readonly unknown: UnknownKeys;
  private readonly revoked = new Set<string>();
  private byKid: KeysByKid = new Map();
  private currentAsOf = Number.NEGATIVE_INFINITY;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly settings: JwksSettings,
    private readonly clock: Clock,
  ) {
    super();
    this.outage = new OutageLog(new Logger('Access'), `Fetching the keys from ${settings.jwksUri}`);
    const { signal } = this.closing;
    this.refreshing = new CoalescedTask(() => this.fetch(signal), COOLDOWN_MILLISECONDS, signal);
    this.unknown = new UnknownKeys({
      find: (kid) => this.find(kid),
      look: () => this.refresh(),
      isFailing: () => this.outage.failing,
    });
  }

  /** Resolves when the keys have been fetched, or could not be. Never rejects. */
  refresh(): Promise<void> {
    return this.refreshing.run();
  }

  /** These verify nothing any more, whatever is published. */
  revoke(kids: readonly string[]): void {
    for (const kid of kids) this.revoked.add(kid);
    const usable = [...this.byKid.values()].filter(({ key }) => key !== null);
    this.byKid = mergeKeys(usable, this.byKid, this.revoked);
  }

  close(): void {
    clearTimeout(this.timer);
    this.closing.abort();
  }

  override find(kid: string): VerificationKey | undefined {
    return this.byKid.get(kid);
  }

  /** Until the cooldown allows the fetch that answers it, the question waits. */
  override lookUp(kid: string): Promise<VerificationKey | undefined> {
    return this.unknown.lookUp(kid);
  }

  private async fetch(closed: AbortSignal): Promise<void> {
    clearTimeout(this.timer);
    const askedAt = this.clock.monotonic();
    let wait = RETRY_MILLISECONDS;
    try {
      const overdue = AbortSignal.timeout(this.settings.jwksTimeoutMilliseconds);
      const signal = AbortSignal.any([closed, overdue]);
      const { keys, maxAgeSeconds } = await fetchJwks(this.settings.jwksUri, signal);
      const complete = this.take(keys);
      this.currentAsOf = askedAt;
      this.outage.succeeded();
      wait = complete ? earlyBy(maxAgeSeconds * 1_000) : CONFIRMATION_MILLISECONDS;
    } catch (error) {
      if (closed.aborted) return;
      this.outage.failed(error);
      this.forgetWhenTooOld();
    }
    this.timer = setTimeout(() => void this.refresh(), wait).unref();
  }

  /** Whether every key is still there that was. */
  private take(jwks: readonly unknown[]): boolean {
    const fetched = jwks.map(readJwk).filter((key) => key !== null);
    // An empty set withdraws the keys that there were; one of which nothing can be read does not.
    const withdrawsAll = jwks.length === 0 && this.byKid.size > 0;
    if (fetched.length === 0 && !withdrawsAll) {
      throw new Error('it publishes no key that can be used');
    }
    const published = new Set(fetched.map(({ kid }) => kid));
    const usable = [...this.byKid.values()].filter(({ key }) => key !== null);
    this.byKid = mergeKeys(fetched, this.byKid, this.revoked);
    return usable.every(({ kid }) => published.has(kid));
  }

  private forgetWhenTooOld(): void {
    const age = this.clock.monotonic() - this.currentAsOf;
    if (age <= this.settings.jwksMaxStalenessSeconds * 1_000) return;
    this.byKid = mergeKeys([], new Map(), this.revoked);
  }
}

/** So much sooner that a slow answer comes in time, and not all services ask at once. */
function earlyBy(maxAgeMilliseconds: number): number {
  return maxAgeMilliseconds * (0.7 + Math.random() * 0.2);
}
