import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExportUser } from '../../platform/persons/export-user.js';
import { IdentityStore } from './identity-store.js';

/** By which providers somebody may sign in, and what those call them. */
@Injectable()
export class IdentityExport extends ExportUser {
  readonly name = 'identities';

  constructor(
    private readonly dataSource: DataSource,
    private readonly store: IdentityStore,
  ) {
    super();
  }

  override async export(userId: string): Promise<unknown> {
    const identities = await this.store.list(this.dataSource.manager, userId);
    return identities.map(({ userId: _, ...identity }) => identity);
  }
}
