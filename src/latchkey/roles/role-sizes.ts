import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MAX_ACCESS_TOKEN_BYTES } from '../access/verification/access-token-limits.js';
import { AccessTokenSize } from '../tokens/access-tokens/access-token-size.js';
import type { DemandingRole } from '../tokens/access-tokens/authority-of-session.js';
import { AuthorityLookup, type HeldRole } from './authority-lookup.js';
import { rolesErrors } from './roles.errors.js';

/**
 * Refuses what would make somebody's access token larger than one may be: when a role is changed or
 * given, and not when its holder signs in. What is made smaller is never judged, so that what is too
 * large already can be mended step by step.
 */
@Injectable()
export class RoleSizes {
  constructor(
    private readonly size: AccessTokenSize,
    private readonly authorities: AuthorityLookup,
  ) {}

  /**
   * @param roles all that one account is to hold
   * @throws LatchkeyError `roles.too_large`
   */
  requireFitting(roles: readonly HeldRole[]): void {
    const detail = this.problemOf(roles);
    if (detail !== null) throw rolesErrors.tooLarge({ detail });
  }

  /** Why the roles do not fit together, with the sizes; null when they do. */
  problemOf(roles: readonly HeldRole[]): string | null {
    const names = roles.map(({ name }) => name);
    const permissions = permissionsOf(roles);
    const bytes = this.size.bytesFor({
      roles: names,
      permissions: permissionsOf(roles.filter(({ requiredAcr }) => requiredAcr === null)),
      demanding: roles.filter(demandsSomething),
    });
    if (bytes <= MAX_ACCESS_TOKEN_BYTES) return null;
    return `The access token of an account with ${names.join(', ')} could have ${bytes} bytes, more than ${MAX_ACCESS_TOKEN_BYTES}: ${permissions.length} permissions take ${lengthOf(permissions)}, ${names.length} names of roles ${lengthOf(names)}.`;
  }

  /**
   * Call it in the transaction that has changed the role, under the lock of `RoleDefinitions`.
   * Judges the role alone, as its next holder may have it, and together with the other roles of the
   * holder whose token is largest.
   *
   * @throws LatchkeyError `roles.too_large`
   */
  async requireFittingHolders(manager: EntityManager, role: HeldRole): Promise<void> {
    this.requireFitting([role]);
    for (const roles of await this.authorities.largestHoldings(manager, role.name)) {
      this.requireFitting(roles);
    }
  }
}

function permissionsOf(roles: readonly HeldRole[]): string[] {
  return [...new Set(roles.flatMap((role) => role.permissions))];
}

function demandsSomething(role: HeldRole): role is HeldRole & DemandingRole {
  return role.requiredAcr !== null;
}

function lengthOf(claim: readonly string[]): number {
  return JSON.stringify(claim).length;
}
