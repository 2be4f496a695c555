import { Injectable } from '@nestjs/common';
import { ClientDirectory } from '../clients/client-directory.js';
import { ConsentStore } from './consent-store.js';
import type { ConsentList, ConsentView } from './consents.dto.js';

/** The apps that a user has let in. */
@Injectable()
export class ConsentDirectory {
  constructor(
    private readonly store: ConsentStore,
    private readonly clients: ClientDirectory,
  ) {}

  /** All of them: nobody has many. An app that is deleted meanwhile has none any more. */
  async list(userId: string): Promise<ConsentList> {
    const rows = await this.store.listOfUser(userId);
    const items: ConsentView[] = [];
    for (const { clientId, scopes, createdAt, updatedAt } of rows) {
      const client = await this.clients.find(clientId);
      if (client === null) continue;
      items.push({
        client: { id: client.id, name: client.name },
        scopes,
        createdAt: createdAt.toISOString(),
        updatedAt: updatedAt.toISOString(),
      });
    }
    return { items };
  }
}
