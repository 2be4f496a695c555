import { Injectable } from '@nestjs/common';
import { ClientDirectory } from '../clients/client-directory.js';
import { ConsentStore } from './consent-store.js';
import type { ConsentList } from './consents.dto.js';

/** The apps that a user has let in. */
@Injectable()
export class ConsentDirectory {
  constructor(
    private readonly store: ConsentStore,
    private readonly clients: ClientDirectory,
  ) {}

  /** All of them: nobody has many. */
  async list(userId: string): Promise<ConsentList> {
    const rows = await this.store.listOfUser(userId);
    const items = rows.map(async ({ clientId, scopes, createdAt, updatedAt }) => {
      const { id, name } = await this.clients.get(clientId);
      const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
      return { client: { id, name }, scopes, ...times };
    });
    return { items: await Promise.all(items) };
  }
}
