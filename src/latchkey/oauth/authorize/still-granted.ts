import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClientGrant } from '../../tokens/sessions/at-clients/client-sessions.js';
import { ActiveClients } from '../clients/active-clients.js';
import { isRegistered } from '../clients/redirect-uri.js';
import { ConsentStore } from '../consents/consent-store.js';

/** That a client is active and may ask for it still, and its user's consent has not been withdrawn, since a code was issued. */
@Injectable()
export class StillGranted {
  constructor(
    private readonly clients: ActiveClients,
    private readonly consents: ConsentStore,
  ) {}

  /**
   * True holds until the transaction ends: whoever disables the client, takes a scope or a redirect URI from it, has it be the
   * product's own no more, or withdraws the consent, waits for it, and then ends what it has begun.
   *
   * @param redirectUri where the code went; undefined for what went nowhere
   */
  async keep(manager: EntityManager, grant: ClientGrant, redirectUri?: string): Promise<boolean> {
    const client = await this.clients.keep(manager, grant.clientId);
    if (client === null || !grant.scope.every((name) => client.scopes.includes(name))) return false;
    if (redirectUri !== undefined && !isRegistered(client.redirectUris, redirectUri)) return false;
    // Tokens for this API are for the product's own apps alone.
    if (client.firstParty || grant.audience === null) return client.firstParty;
    const granted = await this.consents.keepScopes(manager, grant);
    return grant.scope.every((name) => granted.includes(name));
  }
}
