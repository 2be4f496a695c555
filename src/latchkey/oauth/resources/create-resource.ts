import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { TokenAudiences } from '../authorize/token-audiences.js';
import { ResourceDirectory } from './resource-directory.js';
import { ResourceRules } from './resource-rules.js';
import { ResourceStore } from './resource-store.js';
import type { CreateResourceBody, ResourceView } from './resources.dto.js';
import { resourcesErrors } from './resources.errors.js';

@Injectable()
export class CreateResource {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audiences: TokenAudiences,
    private readonly rules: ResourceRules,
    private readonly store: ResourceStore,
    private readonly directory: ResourceDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @throws LatchkeyError `resources.identifier_taken`, `resources.scope_taken`, `request.invalid` naming
   *   `scopes` or `clientId`
   */
  create(body: CreateResourceBody, actor: Actor): Promise<ResourceView> {
    return this.dataSource.transaction((manager) => this.insert(manager, body, actor));
  }

  private async insert(
    manager: EntityManager,
    { identifier, name, scopes, clientId = null }: CreateResourceBody,
    actor: Actor,
  ): Promise<ResourceView> {
    const id = uuidv7();
    if (this.audiences.ofUserinfo.includes(identifier)) throw resourcesErrors.identifierTaken();
    await this.rules.requireClient(manager, clientId);
    const inserted = await this.store.insert(manager, { id, identifier, name, clientId });
    if (!inserted) throw resourcesErrors.identifierTaken();
    await this.rules.putScopes(manager, id, scopes);
    await this.audit.record(manager, {
      action: 'resource.created',
      actor,
      target: { type: 'resource', id },
      details: { identifier, name, clientId, scopes: scopes.map((scope) => scope.name) },
    });
    return this.directory.get(id, manager);
  }
}
