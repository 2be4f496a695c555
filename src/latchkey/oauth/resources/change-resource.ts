import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { ResourceDirectory } from './resource-directory.js';
import { ResourceRules } from './resource-rules.js';
import { type ResourceRow, ResourceStore } from './resource-store.js';
import { type ChangeResourceBody, ResourceView } from './resources.dto.js';
import { resourcesErrors } from './resources.errors.js';
import { TakeScopes } from './take-scopes.js';

@Injectable()
export class ChangeResource {
  constructor(
    private readonly revocations: Revocations,
    private readonly rules: ResourceRules,
    private readonly store: ResourceStore,
    private readonly takeScopes: TakeScopes,
    private readonly directory: ResourceDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Scopes that it has no more are taken from everybody who has them: access tokens that say one are refused
   * everywhere at once.
   *
   * @throws LatchkeyError `resources.not_found`, `resources.scope_taken`, `request.invalid` naming `scopes` or
   *   `clientId`
   */
  change(id: string, body: ChangeResourceBody, actor: Actor): Promise<ResourceView> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      const former = await this.store.lock(manager, id);
      if (former === null) throw resourcesErrors.notFound();
      const next = { ...former, ...given(body) };
      if (same(former, next)) return ResourceView.of(former);
      const taken = namesOf(former).filter((name) => !namesOf(next).includes(name));
      await this.rules.requireClient(manager, next.clientId);
      await this.store.update(manager, next);
      await this.takeScopes.take(transaction, former.identifier, taken);
      await this.rules.putScopes(manager, id, next.scopes);
      await this.audit.record(manager, {
        action: 'resource.changed',
        actor,
        target: { type: 'resource', id },
        details: { name: next.name, clientId: next.clientId, scopes: namesOf(next), taken },
      });
      return this.directory.get(id, manager);
    });
  }
}

function given({ name, scopes, clientId }: ChangeResourceBody): Partial<ResourceRow> {
  return {
    ...(name !== undefined && { name }),
    ...(scopes !== undefined && { scopes }),
    ...(clientId !== undefined && { clientId }),
  };
}

function same(former: ResourceRow, next: ResourceRow): boolean {
  const said = ({ name, clientId, scopes }: ResourceRow) =>
    JSON.stringify([
      name,
      clientId,
      scopes.map((scope) => `${scope.name} ${scope.description}`).sort(),
    ]);
  return said(former) === said(next);
}

function namesOf({ scopes }: ResourceRow): string[] {
  return scopes.map(({ name }) => name);
}
