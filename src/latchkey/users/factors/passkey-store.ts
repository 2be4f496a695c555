import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { changesOne } from '../../platform/database/changes-one.js';
import { FactorStore } from './factor-store.js';
import type { Assertion, KnownPasskey } from './webauthn/verify-assertion.js';
import type { NewPasskey } from './webauthn/verify-registration.js';

/** A passkey with whose it is. */
export interface StoredPasskey extends KnownPasskey {
  readonly factorId: string;
  readonly userId: string;
  readonly counter: number;
}

const HANDLE_BYTES = 64;

/** The tables `passkeys` and `passkey_users`. */
@Injectable()
export class PasskeyStore {
  constructor(private readonly factors: FactorStore) {}

  /** What authenticators know the account by: made once. */
  async handleOf(manager: EntityManager, userId: string): Promise<Buffer> {
    const [row] = await manager.query<{ handle: Buffer }[]>(
      `INSERT INTO passkey_users (user_id, handle) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET handle = passkey_users.handle RETURNING handle`,
      [userId, randomBytes(HANDLE_BYTES)],
    );
    if (row === undefined) throw new Error('A user handle was not returned.');
    return row.handle;
  }

  /** Null for an account that has never begun to add a passkey. */
  async findHandle(manager: EntityManager, userId: string): Promise<Buffer | null> {
    const [row] = await manager.query<{ handle: Buffer }[]>(
      'SELECT handle FROM passkey_users WHERE user_id = $1',
      [userId],
    );
    return row?.handle ?? null;
  }

  /** Those of an account, so that an authenticator makes no second one beside its own. */
  credentialsOf(
    manager: EntityManager,
    userId: string,
  ): Promise<{ credentialId: Buffer; transports: string[] }[]> {
    return manager.query(
      `SELECT p.credential_id AS "credentialId", p.transports FROM passkeys p
       JOIN factors f ON f.id = p.factor_id WHERE f.user_id = $1 ORDER BY f.id`,
      [userId],
    );
  }

  /** @returns the id of the factor; null when the credential is known already, of whatever account */
  async insert(
    manager: EntityManager,
    userId: string,
    name: string | null,
    passkey: NewPasskey,
  ): Promise<string | null> {
    const id = await this.factors.insert(manager, { userId, kind: 'passkey', name });
    const rows = await manager.query<unknown[]>(
      `INSERT INTO passkeys (factor_id, credential_id, public_key, counter, transports,
         backup_eligible, backed_up)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (credential_id) DO NOTHING RETURNING factor_id`,
      [
        id,
        passkey.credentialId,
        passkey.publicKey,
        passkey.counter,
        passkey.transports,
        passkey.backupEligible,
        passkey.backedUp,
      ],
    );
    return rows.length === 0 ? null : id;
  }

  async find(manager: EntityManager, credentialId: Buffer): Promise<StoredPasskey | null> {
    const [row] = await manager.query<StoredPasskey[]>(
      `SELECT p.factor_id AS "factorId", f.user_id AS "userId", u.handle AS "userHandle",
         p.credential_id AS "credentialId", p.public_key AS "publicKey",
         p.counter::float8 AS counter, p.backup_eligible AS "backupEligible"
       FROM passkeys p JOIN factors f ON f.id = p.factor_id
       JOIN passkey_users u ON u.user_id = f.user_id
       WHERE p.credential_id = $1`,
      [credentialId],
    );
    return row ?? null;
  }

  /** @returns false when it has been removed meanwhile */
  async used(
    manager: EntityManager,
    factorId: string,
    { counter, backedUp }: Assertion,
  ): Promise<boolean> {
    const isThere = await changesOne(
      manager,
      `UPDATE passkeys SET counter = greatest(counter, $2), backed_up = $3
       WHERE factor_id = $1 RETURNING factor_id`,
      [factorId, counter, backedUp],
    );
    if (isThere) await this.factors.markUsed(manager, factorId);
    return isThere;
  }
}
