import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AssuranceOfRoles } from './assurance-of-roles.js';
import { AuthorityLookup } from './authority-lookup.js';
import { requireGivable } from './escalation-rule.js';
import { Role } from './role.entity.js';
import { RoleDefinitions } from './role-definitions.js';
import { RoleSizes } from './role-sizes.js';
import type { CreateRoleBody } from './roles.dto.js';
import { RoleView } from './roles.dto.js';
import { rolesErrors } from './roles.errors.js';

@Injectable()
export class CreateRole {
  constructor(
    private readonly dataSource: DataSource,
    private readonly definitions: RoleDefinitions,
    private readonly authorities: AuthorityLookup,
    private readonly assurance: AssuranceOfRoles,
    private readonly sizes: RoleSizes,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * No token names a role before it exists, so nothing is revoked and no version raised.
   *
   * A route may already demand the name, also in a service unknown to this one. So creating it
   * takes holding it, and since no account does, `*`.
   *
   * @throws LatchkeyError `roles.escalation`, `roles.name_taken`, `roles.too_large`,
   *   `access.assurance_insufficient` when it is to demand more than the actor's session has shown
   */
  create(body: CreateRoleBody, actor: Actor): Promise<RoleView> {
    const { name, description = null, requiredAcr = null } = body;
    const permissions = [...new Set(body.permissions)].sort();
    return this.dataSource.transaction(async (manager) => {
      await this.definitions.lock(manager);
      requireGivable(await this.authorities.heldBy(manager, actor), [{ name, permissions }]);
      const roles = manager.getRepository(Role);
      if (await roles.existsBy({ name })) throw rolesErrors.nameTaken();
      if (requiredAcr !== null) {
        await this.assurance.requireDemandable(manager, name, requiredAcr, actor);
      }
      this.sizes.requireFitting([{ name, permissions, requiredAcr }]);
      await roles.insert({ name, description, permissions, requiredAcr });
      await this.audit.record(manager, {
        action: 'role.created',
        actor,
        target: { type: 'role', id: name },
        details: { permissions, requiredAcr },
      });
      return RoleView.of(await roles.findOneByOrFail({ name }));
    });
  }
}
