import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { OPERATOR } from '../audit/operator.js';
import type { HeldAuthority } from './held-authority.js';

/** The tables of one kind of account that holds roles. */
export interface RoleHolders {
  /** Has `id` and `status`. */
  readonly accounts: string;
  /** Has `role_name` and the column that `holder` names. */
  readonly holdings: string;
  readonly holder: string;
}

/** Whoever has the command line could change the tables as well. */
const EVERYTHING: HeldAuthority = { roles: [], permissions: ['*'] };

/**
 * Where a change of authority learns what its author holds. The modules that keep accounts enter
 * them, so that roles need not know of users or services.
 */
@Injectable()
export class HeldAuthorities {
  private readonly holders: RoleHolders[] = [];

  add(holders: RoleHolders): void {
    this.holders.push(holders);
  }

  /**
   * Read inside the transaction that changes authority, under the lock of `RoleDefinitions`.
   * Somebody who is unknown or not active holds nothing, and so does nobody.
   */
  async heldBy(manager: EntityManager, actor: Actor): Promise<HeldAuthority> {
    if (actor === OPERATOR) return EVERYTHING;
    const roles: { name: string; permissions: string[] }[] = await manager.query(
      this.holders.map(rolesSql).join(' UNION ALL '),
      [actor.userId],
    );
    return {
      roles: roles.map(({ name }) => name),
      permissions: roles.flatMap(({ permissions }) => permissions),
    };
  }
}

function rolesSql({ accounts, holdings, holder }: RoleHolders): string {
  return `
    SELECT role.name, role.permissions
    FROM ${accounts} account
      JOIN ${holdings} held ON held.${holder} = account.id
      JOIN roles role ON role.name = held.role_name
    WHERE account.id = $1::uuid AND account.status = 'active'`;
}
