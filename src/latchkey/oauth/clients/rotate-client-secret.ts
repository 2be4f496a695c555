import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { ClientDirectory } from './client-directory.js';
import { generateClientSecret, hashClientSecret } from './client-secret.js';
import type { ClientWithSecret } from './oauth-clients.dto.js';
import { refuseTokensOf } from './refuse-tokens-of.js';

@Injectable()
export class RotateClientSecret {
  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly directory: ClientDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Whoever sees the secret can do what the client may: it takes holding what the client holds.
   *
   * @param formerValidSeconds for how long the former secret opens as well; with 0 the access
   *   tokens issued so far are refused, too
   * @returns the client, and the only sight of its new secret
   * @throws LatchkeyError `clients.not_found`, `roles.escalation`
   */
  rotate(clientId: string, formerValidSeconds: number, actor: Actor): Promise<ClientWithSecret> {
    const secret = generateClientSecret();
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const { roles } = await this.directory.get(clientId, manager);
      await this.assignments.authorize(manager, roles, actor);
      await manager.query(
        `UPDATE oauth_clients SET secret_hash = $2, updated_at = clock_timestamp(),
           former_secret_hash = CASE WHEN $3::int > 0 THEN secret_hash END,
           former_secret_until =
             CASE WHEN $3::int > 0 THEN clock_timestamp() + make_interval(secs => $3::int) END
         WHERE id = $1`,
        [clientId, hashClientSecret(secret), formerValidSeconds],
      );
      if (formerValidSeconds === 0) await refuseTokensOf(transaction, clientId);
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
