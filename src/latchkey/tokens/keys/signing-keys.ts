import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import { DataSource } from 'typeorm';
import { AccessConfig } from '../../access/access.config.js';
import { UnknownKeys } from '../../access/verification/unknown-keys.js';
import type { JwtAlgorithm } from '../../access/verification/verification-keys.js';
import {
  type VerificationKey,
  VerificationKeys,
} from '../../access/verification/verification-keys.js';
import { CoalescedTask } from '../../platform/clock/coalesced-task.js';
import { OutageLog } from '../../platform/logging/outage-log.js';
import { RevocationListeners } from '../revocation/live/revocation-listeners.js';
import { KID } from './admin/kid.pipe.js';
import { type CurrentKey, keyRing, type SigningKeyRing } from './key-ring.js';
import { EnsureKeys } from './rotation/ensure-keys.js';
import { SigningKeyCipher } from './store/signing-key-cipher.js';
import { SigningKeyStore } from './store/signing-key-store.js';

const COOLDOWN_MILLISECONDS = 1_000;
const RETRY_MILLISECONDS = 1_000;

/**
 * The keys that access tokens are signed with, in memory from before the first request on: no
 * signature and no verification of a known key's token waits for the database. Changes come by
 * the revocation feed.
 */
@Injectable()
export class SigningKeys extends VerificationKeys implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Keys');
  private ring?: SigningKeyRing;
  private byKid: ReadonlyMap<string, VerificationKey> = new Map();
  private signingSinceMilliseconds = Number.NaN;
  private reloading: Promise<void> = Promise.resolve();
  private readonly outage = new OutageLog(this.logger, 'Reading the signing keys');
  private readonly stopping = new AbortController();
  private readonly looking = new CoalescedTask(
    () => this.reload().catch(() => undefined),
    COOLDOWN_MILLISECONDS,
    this.stopping.signal,
  );
  private readonly unknown = new UnknownKeys({
    find: (kid) => this.find(kid),
    look: () => this.looking.run(),
    isFailing: () => this.outage.failing,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly ensureKeys: EnsureKeys,
    private readonly store: SigningKeyStore,
    private readonly cipher: SigningKeyCipher,
    private readonly listeners: RevocationListeners,
    private readonly config: AccessConfig,
  ) {
    super();
  }

  /** @throws StartupError when the key that signs cannot be decrypted */
  async onModuleInit(): Promise<void> {
    await this.ensureKeys.ensure('access', this.config.algorithm);
    await this.reload();
    for (const kind of ['key', 'key-published'] as const) {
      this.listeners.on(kind, () => void this.reloadUntilDone());
    }
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  /**
   * Reads the keys again. Each call sees what was committed before it.
   *
   * @throws StartupError when the key that signs cannot be decrypted
   */
  reload(): Promise<void> {
    this.reloading = this.reloading.catch(() => undefined).then(() => this.read());
    return this.reloading;
  }

  override find(kid: string): VerificationKey | undefined {
    return this.byKid.get(kid);
  }

  override async lookUp(kid: string): Promise<VerificationKey | undefined> {
    // A `kid` of another form cannot exist, so a forged one causes no query.
    return KID.test(kid) ? this.unknown.lookUp(kid) : undefined;
  }

  /**
   * Has keys made that sign ID tokens alone, where there are none yet: whoever issues ID tokens of another
   * algorithm than access tokens have asks for them at start.
   */
  async ensureOfIdTokens(algorithm: JwtAlgorithm): Promise<void> {
    await this.ensureKeys.ensure('id_token', algorithm);
    await this.reload();
  }

  /** The one key that signs access tokens. */
  current(): CurrentKey {
    return this.loaded().current;
  }

  /** The keys that sign ID tokens, each of another algorithm: that of access tokens, and those made for them. */
  ofIdTokens(): readonly [CurrentKey, ...CurrentKey[]] {
    const { current, ofIdTokens } = this.loaded();
    if (ofIdTokens === null || ofIdTokens.algorithm === current.algorithm) return [current];
    return [current, ofIdTokens];
  }

  /** For how long the current key has been signing, in seconds. */
  get currentForSeconds(): number {
    return (performance.now() - this.signingSinceMilliseconds) / 1_000;
  }

  /** Of every purpose, public members only (RFC 7517); without keys when the algorithm is HS256. */
  jwks(): JSONWebKeySet {
    return { keys: this.loaded().keys.flatMap(({ publicJwk }) => publicJwk ?? []) };
  }

  private loaded(): SigningKeyRing {
    if (this.ring === undefined) throw new Error('The signing keys have not been loaded.');
    return this.ring;
  }

  private async read(): Promise<void> {
    try {
      const rows = await this.store.findInUse(this.dataSource.manager);
      this.ring = keyRing(rows, this.cipher, this.ring);
      const { statusAgeSeconds = Number.NaN } =
        rows.find(({ kid }) => kid === this.ring?.current.kid) ?? {};
      this.signingSinceMilliseconds = performance.now() - statusAgeSeconds * 1_000;
      // What signs ID tokens alone verifies no access token.
      const ofAccess = this.ring.keys.filter(({ purpose }) => purpose === 'access');
      this.byKid = new Map(ofAccess.map((key) => [key.kid, key]));
      this.outage.succeeded();
    } catch (error) {
      if (!this.stopping.signal.aborted) this.outage.failed(error);
      throw error;
    }
  }

  /** Until then tokens are signed with the key that was current, and those of unknown keys wait. */
  private async reloadUntilDone(): Promise<void> {
    try {
      await this.reload();
    } catch {
      if (this.stopping.signal.aborted) return;
      setTimeout(() => void this.reloadUntilDone(), RETRY_MILLISECONDS).unref();
    }
  }
}
