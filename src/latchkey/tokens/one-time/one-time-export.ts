import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExportUser } from '../../platform/persons/export-user.js';
import { OneTimeStore } from './one-time-store.js';

/** What has been asked for by mail, and what became of it. */
@Injectable()
export class OneTimeExport extends ExportUser {
  readonly name = 'oneTimeSecrets';

  constructor(
    private readonly dataSource: DataSource,
    private readonly store: OneTimeStore,
  ) {
    super();
  }

  override export(userId: string): Promise<unknown> {
    return this.store.listOfUser(this.dataSource.manager, userId);
  }
}
