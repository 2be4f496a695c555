import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ClientStore } from '../clients/client-store.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';
import { type ConsentGiven, ConsentStore } from '../consents/consent-store.js';

/** That a client is active, and its user's consent has not been withdrawn, since a code was issued. */
@Injectable()
export class StillGranted {
  constructor(
    private readonly clients: ClientStore,
    private readonly consents: ConsentStore,
  ) {}

  /**
   * True holds until the transaction ends: whoever disables the client, or withdraws the consent, waits for it, and
   * then ends what it has begun.
   */
  async keep(
    manager: EntityManager,
    client: RegisteredClient,
    grant: ConsentGiven,
  ): Promise<boolean> {
    if (!(await this.clients.keepActive(manager, client.id))) return false;
    if (client.firstParty) return true;
    const granted = await this.consents.keepScopes(manager, grant);
    return grant.scope.every((name) => granted.includes(name));
  }
}
