import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { ClientStore } from '../clients/client-store.js';
import { SCOPES } from '../clients/scopes.js';
import { type NamedScope, ResourceStore } from './resource-store.js';
import { resourcesErrors } from './resources.errors.js';

const RESERVED: readonly string[] = SCOPES;

/** What a resource has to be, however it comes to be so. */
@Injectable()
export class ResourceRules {
  constructor(
    private readonly clients: ClientStore,
    private readonly store: ResourceStore,
  ) {}

  /** @throws LatchkeyError `request.invalid` naming `clientId` */
  async requireClient(manager: EntityManager, clientId: string | null): Promise<void> {
    if (clientId === null || (await this.clients.keep(manager, clientId))) return;
    throw requestErrors.invalid({
      fields: [{ field: 'clientId', message: 'clientId must be the id of a client' }],
    });
  }

  /** @throws LatchkeyError `resources.scope_taken`, `request.invalid` naming `scopes`; roll back then */
  async putScopes(manager: EntityManager, id: string, scopes: readonly NamedScope[]) {
    const reserved = scopes.find(({ name }) => RESERVED.includes(name));
    if (reserved !== undefined) {
      const message = `${reserved.name} has a meaning of its own (OpenID Connect)`;
      throw requestErrors.invalid({ fields: [{ field: 'scopes', message }] });
    }
    if (!(await this.store.putScopes(manager, id, scopes))) throw resourcesErrors.scopeTaken();
  }
}
