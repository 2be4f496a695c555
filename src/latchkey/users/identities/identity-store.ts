import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { changesOne } from '../../platform/database/changes-one.js';

/** An identity as its owner and admins see it. */
export interface Identity {
  readonly id: string;
  readonly userId: string;
  readonly issuer: string;
  readonly subject: string;
  readonly provider: string;
  readonly email: string | null;
  /** Whether two factors shown there may count here. */
  readonly mayRaise: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** What is kept of what a provider says of somebody. */
export type NewIdentity = Pick<Identity, 'issuer' | 'subject' | 'provider' | 'email'>;

const COLUMNS = `id, user_id AS "userId", issuer, subject, provider, email, may_raise AS "mayRaise",
  created_at AS "createdAt", last_used_at AS "lastUsedAt"`;

/** The statements on `identities`. */
@Injectable()
export class IdentityStore {
  async find(
    manager: EntityManager,
    { issuer, subject }: Pick<Identity, 'issuer' | 'subject'>,
  ): Promise<Identity | null> {
    const [row] = await manager.query<Identity[]>(
      `SELECT ${COLUMNS} FROM identities WHERE issuer = $1 AND subject = $2`,
      [issuer, subject],
    );
    return row ?? null;
  }

  /** The oldest first. */
  list(manager: EntityManager, userId: string): Promise<Identity[]> {
    return manager.query<Identity[]>(
      `SELECT ${COLUMNS} FROM identities WHERE user_id = $1 ORDER BY id`,
      [userId],
    );
  }

  /**
   * Of several at once one succeeds, and the others wait for its transaction.
   *
   * @returns the identity's id; null when an account has it already
   */
  async insert(
    manager: EntityManager,
    userId: string,
    { issuer, subject, provider, email }: NewIdentity,
    { mayRaise }: Pick<Identity, 'mayRaise'>,
  ): Promise<string | null> {
    const [row] = await manager.query<{ id: string }[]>(
      `INSERT INTO identities (id, user_id, issuer, subject, provider, email, may_raise, last_used_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
       ON CONFLICT (issuer, subject) DO NOTHING RETURNING id`,
      [uuidv7(), userId, issuer, subject, provider, email, mayRaise],
    );
    return row?.id ?? null;
  }

  /** @returns false when the account has it no more */
  used(
    manager: EntityManager,
    { id, userId }: Pick<Identity, 'id' | 'userId'>,
    { provider, email }: Pick<NewIdentity, 'provider' | 'email'>,
  ): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE identities SET last_used_at = clock_timestamp(), provider = $3,
         email = coalesce($4, email)
       WHERE id = $1 AND user_id = $2 RETURNING id`,
      [id, userId, provider, email],
    );
  }

  /** @returns false when the account has no such identity */
  delete(manager: EntityManager, userId: string, id: string): Promise<boolean> {
    return changesOne(
      manager,
      'DELETE FROM identities WHERE id = $1 AND user_id = $2 RETURNING id',
      [id, userId],
    );
  }

  /** All but these; returns how many. */
  async deleteOthers(
    manager: EntityManager,
    userId: string,
    kept: readonly string[] = [],
  ): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(
      'DELETE FROM identities WHERE user_id = $1 AND id <> ALL($2)',
      [userId, kept],
    );
    return count;
  }
}
