import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type Actor, OPERATOR, SYSTEM } from '../audit/actor.js';
import { DefaultRole } from './default-role.js';
import { type HeldAuthority, type RoleState } from './escalation-rule.js';

/** The tables of one kind of account that holds roles. */
export interface RoleHolders {
  /** Has `id` and `status`. */
  readonly accounts: string;
  /** Has `role_name` and the column that `holder` names. */
  readonly holdings: string;
  readonly holder: string;
}

/** The operator and the service's own code could change the tables directly. */
const EVERYTHING: HeldAuthority = { roles: [], permissions: ['*'] };

/**
 * Where a change of authority learns who holds what. The modules that keep accounts enter them, so
 * that roles need not know of users or services.
 */
@Injectable()
export class AuthorityLookup {
  private readonly holders: RoleHolders[] = [];

  constructor(private readonly defaultRole: DefaultRole) {}

  add(holders: RoleHolders): void {
    this.holders.push(holders);
  }

  /**
   * Read inside the transaction that changes authority, under the lock of `RoleDefinitions`.
   * Unknown and inactive actors, and anonymous ones, hold nothing.
   */
  async heldBy(manager: EntityManager, actor: Actor): Promise<HeldAuthority> {
    if (actor === OPERATOR || actor === SYSTEM) return EVERYTHING;
    const roles: RoleState[] = await manager.query(this.holders.map(rolesSql).join(' UNION ALL '), [
      actor.userId,
    ]);
    const names = roles.map(({ name }) => name);
    return {
      roles: names.length === 0 ? [] : [...names, this.defaultRole.name],
      permissions: roles.flatMap(({ permissions }) => permissions),
    };
  }

  /**
   * For each kind of account, all roles of that holder of the role whose names and permissions are
   * the longest; none where no holder has another role. Inactive accounts count, since they can
   * become active.
   */
  async largestHoldings(manager: EntityManager, role: string): Promise<RoleState[][]> {
    const rows: { roles: RoleState[] }[] = await manager.query(
      this.holders.map(largestHoldingSql).join(' UNION ALL '),
      [role],
    );
    return rows.map(({ roles }) => roles);
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

// Each set of roles once, however many hold it. Quotation marks and a comma come to every text.
function largestHoldingSql({ holdings, holder }: RoleHolders): string {
  return `(
    WITH holding AS (
      SELECT DISTINCT array_agg(held.role_name ORDER BY held.role_name) AS names
      FROM ${holdings} held
      WHERE held.${holder} IN (
        SELECT this.${holder} FROM ${holdings} this JOIN ${holdings} other
          ON other.${holder} = this.${holder} AND other.role_name <> this.role_name
        WHERE this.role_name = $1)
      GROUP BY held.${holder}
    )
    SELECT (
      SELECT json_agg(json_build_object('name', role.name, 'permissions', role.permissions)
        ORDER BY role.name)
      FROM roles role WHERE role.name = ANY(holding.names)
    ) AS roles
    FROM holding
    ORDER BY (SELECT sum(length(name) + 3) FROM unnest(holding.names) AS name)
      + (SELECT coalesce(sum(length(permission) + 3), 0) FROM (
          SELECT DISTINCT unnest(role.permissions) AS permission
          FROM roles role WHERE role.name = ANY(holding.names)) AS carried) DESC
    LIMIT 1)`;
}
