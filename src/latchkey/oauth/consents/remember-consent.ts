import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { ActiveClients } from '../clients/active-clients.js';
import { DocumentClients } from '../clients/documents/document-clients.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';
import { ConsentStore } from './consent-store.js';

@Injectable()
export class RememberConsent {
  constructor(
    private readonly documentClients: DocumentClients,
    private readonly store: ConsentStore,
    private readonly clients: ActiveClients,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * What somebody has just said yes to, in the transaction of what it permits.
   *
   * @returns false, and nothing is remembered, when the client has been deleted or disabled meanwhile
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
    await this.documentClients.keep(manager, client);
    if ((await this.clients.keepScopes(manager, client.id)) === null) return false;
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
