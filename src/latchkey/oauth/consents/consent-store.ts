import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Consent } from './consent.entity.js';

export type ConsentRow = Readonly<Pick<Consent, 'clientId' | 'scopes' | 'createdAt' | 'updatedAt'>>;

/** The statements on `consents`. */
@Injectable()
export class ConsentStore {
  constructor(private readonly dataSource: DataSource) {}

  /** What the user has granted the client; nothing where there is no consent. */
  async findScopes(userId: string, clientId: string): Promise<string[]> {
    const [row] = await this.dataSource.query<Pick<Consent, 'scopes'>[]>(
      'SELECT scopes FROM consents WHERE user_id = $1 AND client_id = $2',
      [userId, clientId],
    );
    return row?.scopes ?? [];
  }

  /** The same, and it is not withdrawn before the transaction is over. */
  async keepScopes(
    manager: EntityManager,
    { userId, clientId }: Pick<ConsentGiven, 'userId' | 'clientId'>,
  ): Promise<string[]> {
    const [row] = await manager.query<Pick<Consent, 'scopes'>[]>(
      'SELECT scopes FROM consents WHERE user_id = $1 AND client_id = $2 FOR SHARE',
      [userId, clientId],
    );
    return row?.scopes ?? [];
  }

  listOfUser(userId: string): Promise<ConsentRow[]> {
    return this.dataSource.query<ConsentRow[]>(
      `SELECT client_id AS "clientId", scopes, created_at AS "createdAt", updated_at AS "updatedAt"
       FROM consents WHERE user_id = $1 ORDER BY client_id`,
      [userId],
    );
  }

  /** Adds to what has been granted before. */
  async grant(manager: EntityManager, { userId, clientId, scope }: ConsentGiven): Promise<void> {
    await manager.query(
      `INSERT INTO consents AS given (user_id, client_id, scopes) VALUES ($1, $2, $3)
       ON CONFLICT (user_id, client_id) DO UPDATE SET updated_at = clock_timestamp(),
         scopes = ARRAY(SELECT DISTINCT unnest(given.scopes || excluded.scopes) ORDER BY 1)`,
      [userId, clientId, scope],
    );
  }

  /** Nobody has granted them any more. */
  async takeScopes(manager: EntityManager, names: readonly string[]): Promise<void> {
    await manager.query(
      `UPDATE consents SET updated_at = clock_timestamp(),
         scopes = ARRAY(SELECT name FROM unnest(scopes) AS had (name) WHERE name <> ALL ($1))
       WHERE scopes && $1::text[]`,
      [names],
    );
  }

  /** @returns whether there was one */
  async delete(manager: EntityManager, userId: string, clientId: string): Promise<boolean> {
    const [, count] = await manager.query<[unknown[], number]>(
      'DELETE FROM consents WHERE user_id = $1 AND client_id = $2',
      [userId, clientId],
    );
    return count > 0;
  }
}

export interface ConsentGiven {
  readonly userId: string;
  readonly clientId: string;
  readonly scope: readonly string[];
}
