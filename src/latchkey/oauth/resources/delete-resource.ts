import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { ResourceStore } from './resource-store.js';
import { resourcesErrors } from './resources.errors.js';
import { TakeScopes } from './take-scopes.js';

@Injectable()
export class DeleteResource {
  constructor(
    private readonly revocations: Revocations,
    private readonly store: ResourceStore,
    private readonly takeScopes: TakeScopes,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Access tokens for it are refused everywhere at once, and none is issued any more.
   *
   * @throws LatchkeyError `resources.not_found`
   */
  delete(id: string, actor: Actor): Promise<void> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      const resource = await this.store.lock(manager, id);
      if (resource === null) throw resourcesErrors.notFound();
      const { identifier, name } = resource;
      const scopes = resource.scopes.map((scope) => scope.name);
      await this.takeScopes.take(transaction, identifier, scopes);
      await this.store.delete(manager, id);
      await this.audit.record(manager, {
        action: 'resource.deleted',
        actor,
        target: { type: 'resource', id },
        details: { identifier, name, scopes },
      });
    });
  }
}
