import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { changesOne } from '../../platform/database/changes-one.js';
import type { FactorKind } from './factor.entity.js';
import { FactorSecretCipher } from './factor-secret-cipher.js';

/** A factor as its owner and admins see it. */
export interface FactorSummary {
  readonly id: string;
  readonly kind: FactorKind;
  readonly name: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** Of recovery codes: how many have not been used. */
  readonly left: number | null;
}

/** A factor with what its codes are judged by. */
export interface FactorWithSecret {
  readonly id: string;
  readonly encryptedSecret: Buffer;
  readonly lastStep: number | null;
}

export interface NewFactor {
  readonly userId: string;
  readonly kind: FactorKind;
  readonly name?: string | null;
  readonly secret?: Buffer;
  /** Its owner has yet to show that they have it. */
  readonly pending?: boolean;
}

/** How long a factor waits for its first code. */
const PENDING_SECONDS = 3_600;
const WITH_SECRET = `id, encrypted_secret AS "encryptedSecret", last_step::float8 AS "lastStep"`;
const IS_PENDING = `confirmed_at IS NULL
  AND created_at > clock_timestamp() - make_interval(secs => ${PENDING_SECONDS})`;

/** The table `factors`: what is the same for every kind. */
@Injectable()
export class FactorStore {
  constructor(private readonly cipher: FactorSecretCipher) {}

  /** Those that count, the oldest first. */
  list(manager: EntityManager, userId: string): Promise<FactorSummary[]> {
    return manager.query<FactorSummary[]>(
      `SELECT id, kind, name, created_at AS "createdAt", last_used_at AS "lastUsedAt",
         CASE kind WHEN 'recovery_codes' THEN
           (SELECT count(*)::integer FROM recovery_codes WHERE factor_id = factors.id) END AS left
       FROM factors WHERE user_id = $1 AND confirmed_at IS NOT NULL ORDER BY id`,
      [userId],
    );
  }

  async insert(manager: EntityManager, factor: NewFactor): Promise<string> {
    const { userId, kind, name = null, secret, pending = false } = factor;
    const id = uuidv7();
    const encrypted = secret === undefined ? null : this.cipher.encrypt(id, secret);
    await manager.query(
      `INSERT INTO factors (id, user_id, kind, name, encrypted_secret, encrypted_by, confirmed_at)
       VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN NULL ELSE clock_timestamp() END)`,
      [id, userId, kind, name, encrypted, encrypted && this.cipher.keyName, pending],
    );
    return id;
  }

  async markUsed(manager: EntityManager, id: string): Promise<void> {
    await manager.query('UPDATE factors SET last_used_at = clock_timestamp() WHERE id = $1', [id]);
  }

  async deletePending(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('DELETE FROM factors WHERE user_id = $1 AND confirmed_at IS NULL', [
      userId,
    ]);
  }

  async findPending(
    manager: EntityManager,
    userId: string,
    id: string,
  ): Promise<FactorWithSecret | null> {
    const [row] = await manager.query<FactorWithSecret[]>(
      `SELECT ${WITH_SECRET} FROM factors WHERE id = $1 AND user_id = $2 AND ${IS_PENDING}`,
      [id, userId],
    );
    return row ?? null;
  }

  /** @returns false when another request was first */
  confirm(manager: EntityManager, id: string, step: number): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE factors SET confirmed_at = clock_timestamp(), last_used_at = clock_timestamp(),
         last_step = $2 WHERE id = $1 AND ${IS_PENDING} RETURNING id`,
      [id, step],
    );
  }

  findWithSecret(
    manager: EntityManager,
    userId: string,
    kind: FactorKind,
  ): Promise<FactorWithSecret[]> {
    return manager.query<FactorWithSecret[]>(
      `SELECT ${WITH_SECRET} FROM factors
       WHERE user_id = $1 AND kind = $2 AND confirmed_at IS NOT NULL ORDER BY id`,
      [userId, kind],
    );
  }

  /**
   * Accepts the code of a step, and with it none of a step before (RFC 6238 section 5.2): of any number at
   * once, on however many instances, one is accepted.
   */
  acceptStep(manager: EntityManager, id: string, step: number): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE factors SET last_step = $2, last_used_at = clock_timestamp()
       WHERE id = $1 AND (last_step IS NULL OR last_step < $2) RETURNING id`,
      [id, step],
    );
  }

  /** @returns false when the user has no such factor */
  rename(
    manager: EntityManager,
    userId: string,
    id: string,
    name: string | null,
  ): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE factors SET name = $3
       WHERE id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL RETURNING id`,
      [id, userId, name],
    );
  }

  async delete(manager: EntityManager, userId: string, ids: readonly string[]): Promise<void> {
    await manager.query('DELETE FROM factors WHERE user_id = $1 AND id = ANY($2)', [userId, ids]);
  }

  /** All of these kinds, what waits for its first code included. */
  async deleteKinds(
    manager: EntityManager,
    userId: string,
    kinds: readonly FactorKind[],
  ): Promise<void> {
    await manager.query('DELETE FROM factors WHERE user_id = $1 AND kind = ANY($2)', [
      userId,
      kinds,
    ]);
  }

  /** All but these, what waits for its first code included. */
  async deleteOthers(
    manager: EntityManager,
    userId: string,
    kept: readonly string[],
  ): Promise<void> {
    await manager.query('DELETE FROM factors WHERE user_id = $1 AND id <> ALL($2)', [userId, kept]);
  }

  /**
   * Encrypts with the newest secret what an older one has encrypted, in a batch of factors that come after
   * one; what this process cannot read stays as it is.
   *
   * @returns the last of the batch; null when there was none
   */
  async renewEncryption(
    manager: EntityManager,
    after: string,
    limit: number,
  ): Promise<string | null> {
    const rows = await manager.query<FactorWithSecret[]>(
      `SELECT ${WITH_SECRET} FROM factors
       WHERE id > $2 AND (encrypted_by < $1 OR encrypted_by > $1)
       ORDER BY id LIMIT $3 FOR NO KEY UPDATE`,
      [this.cipher.keyName, after, limit],
    );
    for (const { id, encryptedSecret } of rows) {
      const secret = this.cipher.decrypt(id, encryptedSecret);
      if (secret === null) continue;
      const parameters = [id, this.cipher.encrypt(id, secret), this.cipher.keyName];
      await manager.query(
        'UPDATE factors SET encrypted_secret = $2, encrypted_by = $3 WHERE id = $1',
        parameters,
      );
    }
    return rows.at(-1)?.id ?? null;
  }
}
