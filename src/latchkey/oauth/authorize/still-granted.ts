import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActiveClients } from '../clients/active-clients.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';
import { type ConsentGiven, ConsentStore } from '../consents/consent-store.js';

/** That a client is active and may ask for it still, and its user's consent has not been withdrawn, since a code was issued. */
@Injectable()
export class StillGranted {
  constructor(
    private readonly clients: ActiveClients,
    private readonly consents: ConsentStore,
  ) {}

  /**
   * True holds until the transaction ends: whoever disables the client, takes a scope from it, or withdraws the consent, waits for it, and
   * then ends what it has begun.
   */
  async keep(
    manager: EntityManager,
    client: RegisteredClient,
    grant: ConsentGiven,
  ): Promise<boolean> {
    const allowed = await this.clients.keepScopes(manager, client.id);
    if (!allowed || !grant.scope.every((name) => allowed.includes(name))) return false;
    if (client.firstParty) return true;
    const granted = await this.consents.keepScopes(manager, grant);
    return grant.scope.every((name) => granted.includes(name));
  }
}
