import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { UserDirectory } from './user-directory.js';
import type { UserProfile } from './users.dto.js';

/**
 * The rule of who may act on whom (docs/authority.md), for what a feature does to somebody else's
 * account: a caller who resets a proof, changes an address or looks into an account could otherwise become
 * an administrator by it.
 *
 * @example
 * ```ts
 * await this.dataSource.transaction(async (manager) => {
 *   await this.authority.requireOver(manager, userId, actor);
 *   await manager.upsert(DoorCode, { userId, codeHash }, ['userId']);
 * });
 * ```
 */
@Injectable()
export class RequireAuthority {
  constructor(
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly directory: UserDirectory,
  ) {}

  /**
   * Judged by what the database says at that moment, and held until the transaction ends. Call it before
   * the transaction takes other locks.
   *
   * @param manager of the transaction that acts on the account
   * @returns the account
   * @throws LatchkeyError `users.not_found`; `roles.escalation` unless the actor could give every role
   *   that the account holds, `access.assurance_insufficient` where they could after a step-up
   */
  async requireOver(manager: EntityManager, userId: string, actor: Actor): Promise<UserProfile> {
    await this.definitions.lock(manager);
    const profile = await this.directory.getProfile(userId, manager);
    await this.assignments.authorize(manager, profile.roles, actor);
    return profile;
  }
}
