import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import { DataSource } from 'typeorm';
import { type VerificationKey, VerificationKeys } from '../access/verification-keys.js';
import { Clock } from '../clock/clock.js';
import { RevocationListeners } from '../revocation/revocation-listeners.js';
import { EnsureKeys } from './ensure-keys.js';
import { keyRing } from './key-ring.js';
import { KID } from './kid.js';
import type { SigningKeyRing } from './signing-key.js';
import { SigningKeyCipher } from './signing-key-cipher.js';
import { SigningKeyStore } from './signing-key-store.js';

const COOLDOWN_MILLISECONDS = 5_000;
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
  private reloading: Promise<void> = Promise.resolve();
  private lookedUpAt = Number.NEGATIVE_INFINITY;
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly ensureKeys: EnsureKeys,
    private readonly store: SigningKeyStore,
    private readonly cipher: SigningKeyCipher,
    private readonly listeners: RevocationListeners,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @throws StartupError when the key that signs cannot be decrypted */
  async onModuleInit(): Promise<void> {
    await this.ensureKeys.ensure();
    await this.reload();
    for (const kind of ['key', 'key-published'] as const) {
      this.listeners.on(kind, () => void this.reloadUntilDone());
    }
  }

  onApplicationShutdown(): void {
    this.stopped = true;
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

  find(kid: string): VerificationKey | undefined {
    return this.byKid.get(kid);
  }

  async lookUp(kid: string): Promise<VerificationKey | undefined> {
    // Nobody makes us look in the database for what could not be there.
    if (!KID.test(kid)) return undefined;
    const now = this.clock.monotonic();
    if (now - this.lookedUpAt >= COOLDOWN_MILLISECONDS) {
      this.lookedUpAt = now;
      this.reload().catch(() => undefined);
    }
    await this.reloading.catch(() => undefined);
    return this.find(kid);
  }

  /** The one key that signs. */
  current(): SigningKeyRing['current'] {
    return this.loaded().current;
  }

  /** Public members only (RFC 7517); without keys when the algorithm is HS256. */
  jwks(): JSONWebKeySet {
    return { keys: this.loaded().keys.flatMap(({ publicJwk }) => publicJwk ?? []) };
  }

  private loaded(): SigningKeyRing {
    if (this.ring === undefined) throw new Error('The signing keys have not been loaded.');
    return this.ring;
  }

  private async read(): Promise<void> {
    const rows = await this.store.findInUse(this.dataSource.manager);
    this.ring = keyRing(rows, this.cipher, this.ring);
    this.byKid = new Map(this.ring.keys.map((key) => [key.kid, key]));
  }

  /** Until then tokens are signed with the key that was current, and those of unknown keys wait. */
  private async reloadUntilDone(): Promise<void> {
    try {
      await this.reload();
    } catch (error) {
      if (this.stopped) return;
      this.logger.warn(`Reading the signing keys failed: ${String(error)}`);
      setTimeout(() => void this.reloadUntilDone(), RETRY_MILLISECONDS).unref();
    }
  }
}
