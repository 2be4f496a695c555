import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type ScopeOfResource, scopesOfResourcesSql } from '../../resources/resource-store.js';
import type { RegisteredRow } from '../active-clients.js';

const EVERY_SCOPE = 'ARRAY(SELECT name FROM resource_scopes)';

/** What holds for a client that nobody has registered. */
export interface DocumentClientRules {
  /** An administrator has shut it out. */
  readonly isDisabled: boolean;
  /** What it may ask of resources: all that there is. */
  readonly resourceScopes: ScopeOfResource[];
}

/** The statements on clients that nobody has registered. */
@Injectable()
export class DocumentClientStore {
  constructor(private readonly dataSource: DataSource) {}

  async findRules(id: string): Promise<DocumentClientRules> {
    const [row] = await this.dataSource.query<[DocumentClientRules]>(
      `SELECT ${scopesOfResourcesSql(EVERY_SCOPE)} AS "resourceScopes", EXISTS (
         SELECT 1 FROM oauth_clients WHERE id = $1 AND status = 'disabled') AS "isDisabled"`,
      [id],
    );
    return row;
  }

  /** What one that has registered itself may ask for now. */
  async putScopes(manager: EntityManager, id: string, scopes: readonly string[]): Promise<void> {
    await manager.query(
      `UPDATE oauth_clients SET scopes = $2, updated_at = clock_timestamp()
       WHERE id = $1 AND scopes <> $2::text[]`,
      [id, scopes],
    );
  }

  /** As its document says now. */
  async put(
    manager: EntityManager,
    { id, name, redirectUris, scopes, metadataUri }: RegisteredRow,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO oauth_clients (id, name, type, redirect_uris, scopes, metadata_uri)
       VALUES ($1, $2, 'public', $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, scopes = excluded.scopes,
         redirect_uris = excluded.redirect_uris, updated_at = clock_timestamp()`,
      [id, name, redirectUris, scopes, metadataUri],
    );
  }
}
