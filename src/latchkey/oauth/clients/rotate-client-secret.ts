import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { ClientDirectory } from './client-directory.js';
import { generateClientSecret, hashClientSecret } from './client-secret.js';
import { ClientStore } from './client-store.js';
import type { ClientWithSecret } from './client-views.dto.js';
import { clientsErrors } from './oauth-clients.errors.js';

@Injectable()
export class RotateClientSecret {
  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly store: ClientStore,
    private readonly directory: ClientDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * The caller sees the new secret, and so could do what the client may: it must hold all that the
   * client holds.
   *
   * @param formerValidSeconds for how long the former secret opens as well; with 0 the access
   *   tokens issued so far are refused, too
   * @returns the client, and the only sight of its new secret
   * @throws LatchkeyError `clients.not_found`, `clients.has_no_secret`, `roles.escalation`
   */
  rotate(clientId: string, formerValidSeconds: number, actor: Actor): Promise<ClientWithSecret> {
    const secret = generateClientSecret();
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const { roles, type, jwks, firstParty } = await this.directory.get(clientId, manager);
      if (type === 'public' || jwks !== null) throw clientsErrors.hasNoSecret();
      if (firstParty) await this.assignments.requireEverything(manager, actor);
      await this.assignments.authorize(manager, roles, actor);
      const secretHash = hashClientSecret(secret);
      await this.store.rotateSecret(manager, clientId, { secretHash, formerValidSeconds });
      if (formerValidSeconds === 0) await this.store.makeTokensStale(transaction, clientId);
      await this.audit.record(manager, {
        action: 'client.secret_rotated',
        actor,
        target: { type: 'client', id: clientId },
        details: { formerValidSeconds },
      });
      return { ...(await this.directory.get(clientId, manager)), secret };
    });
  }
}
