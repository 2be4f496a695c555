import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { AccountStates } from '../../tokens/one-time/account-states.js';
import { ActiveClients } from '../clients/active-clients.js';
import { DocumentClients } from '../clients/documents/document-clients.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';
import { ConsentStore } from './consent-store.js';

@Injectable()
export class RememberConsent {
  constructor(
    private readonly accounts: AccountStates,
    private readonly documentClients: DocumentClients,
    private readonly store: ConsentStore,
    private readonly clients: ActiveClients,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * What somebody has just said yes to, in the transaction of what it permits.
   *
   * @returns false, and nothing is remembered, when the account has been deleted meanwhile, or the client deleted or disabled
   */
  async remember(
    manager: EntityManager,
    given: {
      readonly userId: string;
      readonly client: RegisteredClient;
      readonly scope: readonly string[];
    },
    actor: Actor,
  ): Promise<boolean> {
    const { userId, client, scope } = given;
    if ((await this.accounts.keep(manager, userId)) === null) return false;
    await this.documentClients.keep(manager, client);
    if ((await this.clients.keep(manager, client.id)) === null) return false;
    await this.store.grant(manager, { userId, clientId: client.id, scope });
    await this.audit.record(manager, {
      action: 'consent.given',
      actor,
      target: { type: 'client', id: client.id },
      details: { scope },
    });
    return true;
  }
}
