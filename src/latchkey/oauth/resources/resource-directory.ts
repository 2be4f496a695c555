import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  decodeCursor,
  type Page,
  type PageQuery,
  toPage,
  UUID_KEY,
} from '../../platform/http/answers/page.js';
import { ResourceStore } from './resource-store.js';
import { ResourceView } from './resources.dto.js';
import { resourcesErrors } from './resources.errors.js';

/** The resources as admins see them. */
@Injectable()
export class ResourceDirectory {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: ResourceStore,
  ) {}

  /**
   * @param manager of a transaction that it is to be read in
   * @throws LatchkeyError `resources.not_found`
   */
  async get(id: string, manager: EntityManager = this.dataSource.manager): Promise<ResourceView> {
    const row = await this.store.find(manager, id);
    if (row === null) throw resourcesErrors.notFound();
    return ResourceView.of(row);
  }

  /** Newest first. */
  async list({ limit, cursor }: PageQuery): Promise<Page<ResourceView>> {
    const before = cursor === undefined ? null : decodeCursor(cursor, UUID_KEY);
    const rows = await this.store.findAll(before, limit + 1);
    return toPage(rows, limit, ({ id }) => id, ResourceView.of);
  }
}
