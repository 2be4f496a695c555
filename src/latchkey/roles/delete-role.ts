import { Injectable } from '@nestjs/common';
import { type EntityManager, QueryFailedError } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { Revocations } from '../tokens/revocation/revocations.js';
import { AuthorityLookup } from './authority-lookup.js';
import { requireGivable } from './escalation-rule.js';
import { Role } from './role.entity.js';
import { RoleDefinitions } from './role-definitions.js';
import { rolesErrors } from './roles.errors.js';

/** SQLSTATE foreign_key_violation and restrict_violation. */
const STILL_REFERENCED = new Set(['23503', '23001']);

@Injectable()
export class DeleteRole {
  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly authorities: AuthorityLookup,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Deletes a role that no account and no client holds; access tokens that still name it go stale.
   *
   * @throws LatchkeyError `roles.not_found`, `roles.escalation`, `roles.in_use` (held, or built in)
   */
  delete(name: string, actor: Actor): Promise<void> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const role = await manager.getRepository(Role).findOneBy({ name });
      if (role === null) throw rolesErrors.notFound();
      requireGivable(await this.authorities.heldBy(manager, actor), [role]);
      if (role.builtIn) throw rolesErrors.inUse({ detail: `The role ${name} cannot be deleted.` });

      await this.deleteUnheld(manager, name);
      const version = await this.definitions.raise(manager);
      transaction.revoke({ kind: 'role-version', role: name, version });
      await this.audit.record(manager, {
        action: 'role.deleted',
        actor,
        target: { type: 'role', id: name },
        details: { permissions: role.permissions },
      });
    });
  }

  /** The foreign key decides whether the role is held: nothing can slip between look and deed. */
  private async deleteUnheld(manager: EntityManager, name: string): Promise<void> {
    try {
      await manager.getRepository(Role).delete({ name });
    } catch (error) {
      if (!(error instanceof QueryFailedError)) throw error;
      if (!STILL_REFERENCED.has((error.driverError as { code?: string }).code ?? '')) throw error;
      throw rolesErrors.inUse({ detail: 'Somebody holds the role.', cause: error });
    }
  }
}
