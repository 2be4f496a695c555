import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  decodeCursor,
  type Page,
  type PageQuery,
  toPage,
  UUID_KEY,
} from '../../platform/http/answers/page.js';
import { ClientStore } from './client-store.js';
import { ClientView } from './client-views.dto.js';
import { clientsErrors } from './oauth-clients.errors.js';

/** The clients as admins see them. */
@Injectable()
export class ClientDirectory {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: ClientStore,
  ) {}

  /**
   * @param manager of a transaction that the client is to be read in
   * @throws LatchkeyError `clients.not_found`
   */
  async get(
    clientId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ClientView> {
    const client = await this.find(clientId, manager);
    if (client === null) throw clientsErrors.notFound();
    return client;
  }

  /** Null where there is none. */
  async find(
    clientId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ClientView | null> {
    const row = await this.store.find(manager, clientId);
    return row && ClientView.of(row);
  }

  /** Newest first. */
  async list({ limit, cursor }: PageQuery): Promise<Page<ClientView>> {
    const before = cursor === undefined ? null : decodeCursor(cursor, UUID_KEY);
    const rows = await this.store.findAll(this.dataSource.manager, before, limit + 1);
    return toPage(rows, limit, ({ id }) => id, ClientView.of);
  }
}
