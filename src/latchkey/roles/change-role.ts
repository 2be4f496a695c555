import { Injectable } from '@nestjs/common';
import type { Actor } from '../audit/actor.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { Revocations, type RevokingTransaction } from '../tokens/revocation/revocations.js';
import { AuthorityLookup } from './authority-lookup.js';
import { requireGivable } from './escalation-rule.js';
import { Role } from './role.entity.js';
import { RoleDefinitions } from './role-definitions.js';
import { ADMIN_ROLE } from './role-name.js';
import { RoleSizes } from './role-sizes.js';
import { type ChangeRoleBody, RoleView } from './roles.dto.js';
import { rolesErrors } from './roles.errors.js';

@Injectable()
export class ChangeRole {
  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly authorities: AuthorityLookup,
    private readonly sizes: RoleSizes,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * When the permissions change, every access token that names the role and is older goes stale
   * on every instance; its session lives on and refreshes into the new permissions.
   *
   * @throws LatchkeyError `roles.not_found`, `roles.in_use` (the admin's permissions),
   *   `roles.escalation`, `roles.too_large`
   */
  change(name: string, body: ChangeRoleBody, actor: Actor): Promise<RoleView> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const roles = manager.getRepository(Role);
      const role = await roles.findOneBy({ name });
      if (role === null) throw rolesErrors.notFound();

      const { description = role.description } = body;
      const permissions = [...new Set(body.permissions ?? role.permissions)].sort();
      const added = permissions.filter((one) => !role.permissions.includes(one));
      const removed = role.permissions.filter((one) => !permissions.includes(one));
      const repermitted = added.length + removed.length > 0;
      requireGivable(await this.authorities.heldBy(manager, actor), [role, { name, permissions }]);
      if (!repermitted && description === role.description) return RoleView.of(role);

      if (repermitted) await this.repermit(transaction, name);
      await roles.update({ name }, { description, permissions, updatedAt: CLOCK });
      if (added.length > 0) await this.sizes.requireFittingHolders(manager, { name, permissions });
      await this.audit.record(manager, {
        action: 'role.changed',
        actor,
        target: { type: 'role', id: name },
        details: { added, removed, describedAnew: description !== role.description },
      });
      return RoleView.of(await roles.findOneByOrFail({ name }));
    });
  }

  private async repermit(transaction: RevokingTransaction, role: string): Promise<void> {
    if (role === ADMIN_ROLE) {
      throw rolesErrors.inUse({ detail: 'What the role admin permits cannot be changed.' });
    }
    const version = await this.definitions.raise(transaction.manager);
    transaction.revoke({ kind: 'role-version', role, version });
  }
}

const CLOCK = () => 'clock_timestamp()';
