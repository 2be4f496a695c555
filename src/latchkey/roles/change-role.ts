import { Injectable } from '@nestjs/common';
import type { Actor } from '../audit/actor.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { Revocations, type RevokingTransaction } from '../tokens/revocation/revocations.js';
import { AssuranceOfRoles } from './assurance-of-roles.js';
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
    private readonly assurance: AssuranceOfRoles,
    private readonly sizes: RoleSizes,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * When what it permits or demands changes, every access token that names the role and is older goes
   * stale on every instance; its session lives on and refreshes into what holds now.
   *
   * @throws LatchkeyError `roles.not_found`, `roles.in_use` (the admin's permissions),
   *   `roles.escalation`, `roles.too_large`; what it demands anew: `access.assurance_insufficient`,
   *   `roles.not_for_services`, `roles.last_admin`
   */
  change(name: string, body: ChangeRoleBody, actor: Actor): Promise<RoleView> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const roles = manager.getRepository(Role);
      const role = await roles.findOneBy({ name });
      if (role === null) throw rolesErrors.notFound();

      const { description = role.description, requiredAcr = role.requiredAcr } = body;
      const permissions = [...new Set(body.permissions ?? role.permissions)].sort();
      const added = permissions.filter((one) => !role.permissions.includes(one));
      const removed = role.permissions.filter((one) => !permissions.includes(one));
      const repermitted = added.length + removed.length > 0;
      const demandsAnew = requiredAcr !== role.requiredAcr;
      requireGivable(await this.authorities.heldBy(manager, actor), [role, { name, permissions }]);
      const describedAnew = description !== role.description;
      if (!repermitted && !demandsAnew && !describedAnew) return RoleView.of(role);

      if (repermitted) requireChangeable(name);
      if (demandsAnew && requiredAcr !== null) {
        await this.assurance.requireDemandable(manager, name, requiredAcr, actor);
      }
      if (repermitted || demandsAnew) await this.makeTokensStale(transaction, name);
      await roles.update({ name }, { description, permissions, requiredAcr, updatedAt: CLOCK });
      if (added.length > 0 || (demandsAnew && requiredAcr !== null)) {
        await this.sizes.requireFittingHolders(manager, { name, permissions, requiredAcr });
      }
      await this.audit.record(manager, {
        action: 'role.changed',
        actor,
        target: { type: 'role', id: name },
        details: { added, removed, describedAnew, ...(demandsAnew && { requiredAcr }) },
      });
      return RoleView.of(await roles.findOneByOrFail({ name }));
    });
  }

  private async makeTokensStale(transaction: RevokingTransaction, role: string): Promise<void> {
    const version = await this.definitions.raise(transaction.manager);
    transaction.revoke({ kind: 'role-version', role, version });
  }
}

function requireChangeable(role: string): void {
  if (role !== ADMIN_ROLE) return;
  throw rolesErrors.inUse({ detail: 'What the role admin permits cannot be changed.' });
}

const CLOCK = () => 'clock_timestamp()';
