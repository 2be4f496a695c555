import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  decodeCursor,
  type Page,
  type PageQuery,
  toPage,
  UUID_KEY,
} from '../../platform/http/answers/page.js';
import { CLIENT_COLUMNS, type ClientRow, toClientView } from './client-row.js';
import type { ClientView } from './oauth-clients.dto.js';
import { clientsErrors } from './oauth-clients.errors.js';

/** The clients as admins see them. */
@Injectable()
export class ClientDirectory {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param manager of a transaction that the client is to be read in
   * @throws LatchkeyError `clients.not_found`
   */
  async get(
    clientId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ClientView> {
    const [row]: ClientRow[] = await manager.query(
      `SELECT ${CLIENT_COLUMNS} FROM oauth_clients client WHERE client.id = $1`,
      [clientId],
    );
    if (row === undefined) throw clientsErrors.notFound();
    return toClientView(row);
  }

  /** Newest first. */
  async list({ limit, cursor }: PageQuery): Promise<Page<ClientView>> {
    const before = cursor === undefined ? null : decodeCursor(cursor, UUID_KEY);
    const rows: ClientRow[] = await this.dataSource.query(
      `SELECT ${CLIENT_COLUMNS} FROM oauth_clients client
       WHERE $1::uuid IS NULL OR client.id < $1
       ORDER BY client.id DESC LIMIT $2`,
      [before, limit + 1],
    );
    return toPage(rows, limit, (row) => row.id, toClientView);
  }
}
