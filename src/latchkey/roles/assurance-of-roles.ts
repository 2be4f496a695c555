import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { accessErrors } from '../access/access.errors.js';
import { type DemandableLevel, reaches } from '../access/assurance.js';
import { insufficientAssurance } from '../access/insufficient-assurance.js';
import { type Actor, OPERATOR, SYSTEM } from '../audit/actor.js';
import { ProvidedSecondFactors } from '../tokens/assurance/provided-second-factors.js';
import { AuthorityLookup } from './authority-lookup.js';
import { Role } from './role.entity.js';
import { ADMIN_ROLE } from './role-name.js';
import { rolesErrors } from './roles.errors.js';

/**
 * Judges what roles may demand (docs/permissions.md). Every method is called under the lock of
 * `RoleDefinitions`, as whatever makes or unmakes an admin is.
 */
@Injectable()
export class AssuranceOfRoles {
  constructor(
    private readonly authorities: AuthorityLookup,
    private readonly secondFactors: ProvidedSecondFactors,
  ) {}

  /**
   * @throws LatchkeyError `access.assurance_insufficient` unless the actor's own session meets the
   *   demand, as the database says; `roles.not_for_services` while a service holds the role;
   *   `roles.last_admin` when no active admin could meet what the role admin is to demand
   */
  async requireDemandable(
    manager: EntityManager,
    role: string,
    acr: DemandableLevel,
    actor: Actor,
  ): Promise<void> {
    const mayDemandAnything = actor === OPERATOR || actor === SYSTEM;
    if (!mayDemandAnything && !reaches(await this.authorities.levelOf(manager, actor), acr)) {
      throw insufficientAssurance(accessErrors.assuranceInsufficient, { acr });
    }
    if (await this.authorities.isHeldByService(manager, role)) {
      throw rolesErrors.notForServices({ detail: `A service holds the role ${role}.` });
    }
    if (role !== ADMIN_ROLE) return;
    const admins = await this.authorities.activeHolders(manager, ADMIN_ROLE);
    if (await this.canOneReach(manager, admins, acr)) return;
    throw rolesErrors.lastAdmin({ detail: `No active admin has a factor that gives ${acr}.` });
  }

  /**
   * For when a user is about to be an active admin no longer: the last who can meet what the role admin
   * demands stays one.
   *
   * @throws LatchkeyError `roles.last_admin`
   */
  async requireCapableAdminBesides(manager: EntityManager, userId: string): Promise<void> {
    const role = await manager.getRepository(Role).findOneBy({ name: ADMIN_ROLE });
    const acr = role?.requiredAcr ?? null;
    if (acr === null) return;
    const admins = await this.authorities.activeHolders(manager, ADMIN_ROLE);
    if (!admins.includes(userId)) return;
    if (!(await this.canOneReach(manager, [userId], acr))) return;
    const others = admins.filter((id) => id !== userId);
    if (await this.canOneReach(manager, others, acr)) return;
    throw rolesErrors.lastAdmin({
      detail: `No other active admin has a factor that gives ${acr}.`,
    });
  }

  /** Whether one of them has a factor that makes a session reach the level. */
  private async canOneReach(
    manager: EntityManager,
    userIds: readonly string[],
    acr: DemandableLevel,
  ): Promise<boolean> {
    for (const userId of userIds) {
      const usable = await this.secondFactors.usableBy(manager, userId);
      if (usable.some(({ factor }) => acr !== 'phr' || factor.phishingResistant)) return true;
    }
    return false;
  }
}
