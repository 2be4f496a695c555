import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { ClientDirectory } from './client-directory.js';
import { ClientStore } from './client-store.js';

@Injectable()
export class DeleteClient {
  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly store: ClientStore,
    private readonly directory: ClientDirectory,
    private readonly audit: AuditTrail,
    private readonly ender: SessionEnder,
  ) {}

  /**
   * Its secret opens nothing any more, its access tokens are refused at once, and its users' sessions at it are gone.
   *
   * @throws LatchkeyError `clients.not_found`, `roles.escalation`
   */
  delete(clientId: string, actor: Actor): Promise<void> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const { name, roles, firstParty } = await this.directory.get(clientId, manager);
      await this.assignments.authorize(manager, roles, actor);
      if (firstParty) await this.assignments.requireEverything(manager, actor);
      await this.store.makeTokensStale(transaction, clientId);
      const reason = 'client_disabled';
      await this.ender.endMatching(transaction, { clientId }, { reason, actor });
      await this.audit.record(manager, {
        action: 'client.deleted',
        actor,
        target: { type: 'client', id: clientId },
        details: { name, roles },
      });
      await this.store.delete(manager, clientId);
    });
  }
}
