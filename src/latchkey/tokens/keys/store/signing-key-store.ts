import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import type { EntityManager } from 'typeorm';
import type { JwtAlgorithm } from '../../../access/verification/verification-keys.js';
import { ADVISORY_LOCKS, takeLock, tryLock } from '../../../platform/database/advisory-locks.js';
import { RevocationConfig } from '../../revocation/revocation.config.js';
import {
  type SigningKeyPurpose,
  SigningKeyRow,
  type SigningKeyStatus,
} from './signing-key.entity.js';
import { SigningKeyCipher } from './signing-key-cipher.js';
import { exportPrivateKey, type SigningKeyMaterial } from './signing-key-material.js';

/** A signing key as it is kept. */
export interface StoredKey {
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  readonly purpose: SigningKeyPurpose;
  readonly status: SigningKeyStatus;
  readonly publicJwk: JWK | null;
  readonly encryptedPrivateKey: Buffer | null;
  /** Since it was published, by the database's clock. */
  readonly ageSeconds: number;
  /** Since it got its status, by the database's clock. */
  readonly statusAgeSeconds: number;
}

/** The key that signs, and the one that will sign after it, both of one purpose. */
export interface CurrentAndNext {
  readonly current: StoredKey;
  readonly next: StoredKey;
}

/** A key that is to be made. */
export interface PublishedKey {
  readonly algorithm: JwtAlgorithm;
  readonly purpose: SigningKeyPurpose;
  readonly status: 'next' | 'current';
}

const COLUMNS = `kid, algorithm, purpose, status, public_jwk AS "publicJwk",
  encrypted_private_key AS "encryptedPrivateKey",
  extract(epoch FROM clock_timestamp() - created_at)::float8 AS "ageSeconds",
  extract(epoch FROM clock_timestamp() - status_changed_at)::float8 AS "statusAgeSeconds"`;

/** The signing keys in the database. Every change to them is made under `lock`. */
@Injectable()
export class SigningKeyStore {
  constructor(
    private readonly cipher: SigningKeyCipher,
    private readonly config: RevocationConfig,
  ) {}

  /** Until the transaction ends, no other transaction changes keys. */
  async lock(manager: EntityManager): Promise<void> {
    await takeLock(manager, ADVISORY_LOCKS.signingKeys);
  }

  /** @returns false at once when somebody else holds the lock */
  async tryLock(manager: EntityManager): Promise<boolean> {
    return tryLock(manager, ADVISORY_LOCKS.signingKeys);
  }

  /** Every key whose tokens may not have expired yet, the revoked ones among them. */
  async findInUse(manager: EntityManager): Promise<StoredKey[]> {
    return manager.query<StoredKey[]>(
      `SELECT ${COLUMNS} FROM signing_keys
       WHERE status IN ('next', 'current')
         OR status_changed_at > clock_timestamp() - make_interval(secs => $1)`,
      [this.config.entryLifetimeSeconds],
    );
  }

  /** One is absent before the first start, and after one that was cut short. */
  async findPair(
    manager: EntityManager,
    purpose: SigningKeyPurpose,
  ): Promise<Partial<CurrentAndNext>> {
    const rows = await manager.query<StoredKey[]>(
      `SELECT ${COLUMNS} FROM signing_keys WHERE status IN ('next', 'current') AND purpose = $1`,
      [purpose],
    );
    const current = rows.find(({ status }) => status === 'current');
    const next = rows.find(({ status }) => status === 'next');
    return { ...(current && { current }), ...(next && { next }) };
  }

  /** @throws Error when the first start has not made them */
  async getPair(manager: EntityManager, purpose: SigningKeyPurpose): Promise<CurrentAndNext> {
    const { current, next } = await this.findPair(manager, purpose);
    if (current === undefined || next === undefined) throw new Error('A signing key is missing.');
    return { current, next };
  }

  /** The public half of a key that has not been revoked, however long ago it signed; null for HS256. */
  async findPublic(
    manager: EntityManager,
    kid: string,
  ): Promise<Pick<StoredKey, 'algorithm' | 'publicJwk'> | null> {
    const [row] = await manager.query<Pick<StoredKey, 'algorithm' | 'publicJwk'>[]>(
      `SELECT algorithm, public_jwk AS "publicJwk" FROM signing_keys
       WHERE kid = $1 AND status <> 'revoked' AND public_jwk IS NOT NULL`,
      [kid],
    );
    return row ?? null;
  }

  async insert(
    manager: EntityManager,
    { kid, algorithm, privateKey, publicJwk }: SigningKeyMaterial,
    { purpose, status }: Pick<PublishedKey, 'purpose' | 'status'>,
  ): Promise<void> {
    const encryptedPrivateKey = this.cipher.encrypt(kid, exportPrivateKey(privateKey));
    const row = { kid, algorithm, purpose, status, publicJwk, encryptedPrivateKey };
    await manager.insert(SigningKeyRow, row);
  }

  /** What a key of that status has no use for is erased. */
  async changeStatus(manager: EntityManager, kid: string, status: SigningKeyStatus): Promise<void> {
    await manager.query(
      `UPDATE signing_keys SET status = $2, status_changed_at = clock_timestamp(),
         encrypted_private_key = CASE
           WHEN $2 = 'current' OR ($2 = 'retired' AND algorithm = 'HS256')
           THEN encrypted_private_key END
       WHERE kid = $1`,
      [kid, status],
    );
  }

  /** Shared secrets that have signed, once the last token of theirs has expired. */
  async eraseSpent(manager: EntityManager): Promise<void> {
    await manager.query(
      `UPDATE signing_keys SET encrypted_private_key = NULL
       WHERE status = 'retired' AND encrypted_private_key IS NOT NULL
         AND status_changed_at <= clock_timestamp() - make_interval(secs => $1)`,
      [this.config.entryLifetimeSeconds],
    );
  }

  /** Only for a key that has never signed. */
  async delete(manager: EntityManager, kid: string): Promise<void> {
    await manager.delete(SigningKeyRow, { kid, status: 'next' });
  }

  /**
   * Encrypts with the newest secret what a former one had encrypted.
   *
   * @returns how many keys that were
   * @throws StartupError when no listed secret had
   */
  async encryptAnew(manager: EntityManager): Promise<number> {
    const rows = await this.findInUse(manager);
    let count = 0;
    for (const { kid, encryptedPrivateKey } of rows) {
      if (encryptedPrivateKey === null) continue;
      const { bytes, byNewestSecret } = this.cipher.decrypt(kid, encryptedPrivateKey);
      if (byNewestSecret) continue;
      await manager.update(
        SigningKeyRow,
        { kid },
        { encryptedPrivateKey: this.cipher.encrypt(kid, bytes) },
      );
      count += 1;
    }
    return count;
  }
}
