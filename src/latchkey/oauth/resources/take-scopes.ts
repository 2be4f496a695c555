import { Injectable } from '@nestjs/common';
import type { RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { SessionScopeStore } from '../../tokens/sessions/store/session-scope-store.js';
import { ClientStore } from '../clients/client-store.js';
import { ConsentStore } from '../consents/consent-store.js';
import { ResourceStore } from './resource-store.js';

/** Takes scopes of a resource from everybody who has them: clients, consents, sessions and tokens. */
@Injectable()
export class TakeScopes {
  constructor(
    private readonly store: ResourceStore,
    private readonly clients: ClientStore,
    private readonly consents: ConsentStore,
    private readonly sessions: SessionScopeStore,
  ) {}

  /**
   * No session ends. Nothing of it comes back when a scope of the same name is made again, by another resource
   * perhaps: it has to be given and asked for anew.
   */
  async take(
    transaction: RevokingTransaction,
    identifier: string,
    names: readonly string[],
  ): Promise<void> {
    if (names.length === 0) return;
    const { manager } = transaction;
    await this.store.deleteScopes(manager, names);
    // First the clients: a code that is being redeemed has its client's row, and begins its session before this goes on.
    for (const clientId of await this.clients.takeScopes(manager, names)) {
      await this.clients.makeTokensStale(transaction, clientId);
    }
    await this.consents.takeScopes(manager, names);
    await this.sessions.take(transaction, { audience: identifier, names });
  }
}
