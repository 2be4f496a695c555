import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { sessionsAtClientSql } from '../../../tokens/sessions/store/session-sql.js';

/** How many that nobody has let in there are at most. */
export const MAX_WAITING = 1_000;
/** So many go with each that comes: more than one, so that a lower limit is reached in time. */
const MAX_REMOVED = 10;
const HOURS_WAITING = 24;

/** Nobody has let it in, or those who have took it back and their sessions are forgotten. */
const IS_WAITING = `client.self_registered
  AND NOT EXISTS (SELECT FROM consents WHERE client_id = client.id)
  AND NOT EXISTS (${sessionsAtClientSql('client.id')})`;

export interface SelfRegistered {
  readonly id: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
}

/** The statements on clients that have registered themselves. */
@Injectable()
export class SelfRegisteredStore {
  /** @returns when it was registered, in whole seconds since 1970 */
  async insert(
    manager: EntityManager,
    { id, name, redirectUris, scopes }: SelfRegistered,
  ): Promise<number> {
    const [row] = await manager.query<[{ issuedAt: number }]>(
      `INSERT INTO oauth_clients (id, name, type, redirect_uris, scopes, self_registered)
       VALUES ($1, $2, 'public', $3, $4, true)
       RETURNING floor(extract(epoch FROM created_at))::float8 AS "issuedAt"`,
      [id, name, redirectUris, scopes],
    );
    return row.issuedAt;
  }

  /** The oldest make room: whoever floods the table shuts nobody out of it. */
  async removeSurplus(manager: EntityManager): Promise<void> {
    await removeWaiting(
      manager,
      `SELECT id FROM oauth_clients client WHERE ${IS_WAITING}
       ORDER BY id DESC OFFSET ${MAX_WAITING} LIMIT $1`,
      MAX_REMOVED,
    );
  }

  /** Removes those that nobody has let in for a day; returns how many. */
  deleteOld(manager: EntityManager, limit: number): Promise<number> {
    return removeWaiting(
      manager,
      `SELECT id FROM oauth_clients client WHERE ${IS_WAITING}
       AND created_at < clock_timestamp() - interval '${HOURS_WAITING} hours' LIMIT $1`,
      limit,
    );
  }
}

/** In two statements: of those that are locked, the second sees who has been let in meanwhile. */
async function removeWaiting(
  manager: EntityManager,
  candidates: string,
  limit: number,
): Promise<number> {
  const locked = await manager.query<{ id: string }[]>(
    `SELECT id FROM oauth_clients WHERE id IN (${candidates}) ORDER BY id FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  if (locked.length === 0) return 0;
  const [, count] = await manager.query<[unknown[], number]>(
    `DELETE FROM oauth_clients client WHERE id = ANY ($1) AND ${IS_WAITING}`,
    [locked.map(({ id }) => id)],
  );
  return count;
}
