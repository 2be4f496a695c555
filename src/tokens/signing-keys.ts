import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import { AccessConfig } from '../access/access.config.js';
import { type VerificationKey, VerificationKeys } from '../access/verification-keys.js';
import { AppSecrets } from '../config/app-secrets.js';
import { sharedSecretRing } from './shared-secret-ring.js';
import type { SigningKeyRing } from './signing-key.js';
import { SigningKeyStore } from './signing-key-store.js';

/**
 * The keys that access tokens are signed with, in memory from before the first request on: no
 * signature and no verification waits for the database.
 */
@Injectable()
export class SigningKeys extends VerificationKeys implements OnModuleInit {
  private ring?: SigningKeyRing;
  private byKid: ReadonlyMap<string, VerificationKey> = new Map();

  constructor(
    private readonly config: AccessConfig,
    private readonly secrets: AppSecrets,
    private readonly store: SigningKeyStore,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await this.load();
  }

  /**
   * Reads the keys again, or makes the first one.
   *
   * @throws StartupError when the key that signs cannot be decrypted
   */
  async load(): Promise<void> {
    const { algorithm } = this.config;
    this.ring =
      algorithm === 'HS256'
        ? sharedSecretRing(this.secrets)
        : await this.store.loadOrCreate(algorithm);
    this.byKid = new Map(this.ring.keys.map((key) => [key.kid, key]));
  }

  find(kid: string): VerificationKey | undefined {
    return this.byKid.get(kid);
  }

  /** The one key that signs. */
  current(): SigningKeyRing['current'] {
    if (this.ring === undefined) throw new Error('The signing keys have not been loaded.');
    return this.ring.current;
  }

  /** Public members only (RFC 7517); without keys when the algorithm is HS256. */
  jwks(): JSONWebKeySet {
    return { keys: (this.ring?.keys ?? []).flatMap(({ publicJwk }) => publicJwk ?? []) };
  }
}
