import { Injectable } from '@nestjs/common';
import { ExportUser } from '../../platform/persons/export-user.js';
import { ConsentStore } from './consent-store.js';

/** Which apps the user has let in, and to what. */
@Injectable()
export class ConsentExport extends ExportUser {
  readonly name = 'consents';

  constructor(private readonly store: ConsentStore) {
    super();
  }

  override export(userId: string): Promise<unknown> {
    return this.store.listOfUser(userId);
  }
}
