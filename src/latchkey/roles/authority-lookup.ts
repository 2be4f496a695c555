import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type AssuranceLevel, reaches } from '../access/assurance.js';
import { type Actor, OPERATOR, SYSTEM } from '../audit/actor.js';
import { levelOfShown } from '../tokens/assurance/session-assurance.js';
import { SessionFactors } from '../tokens/sessions/session-factors.js';
import { DefaultRole } from './default-role.js';
import type { HeldAuthority, WithheldRole } from './escalation-rule.js';
import type { Role } from './role.entity.js';

/** The tables of one kind of account that holds roles. */
export interface RoleHolders {
  /** Has `id` and `status`. */
  readonly accounts: string;
  /** Has `role_name` and the column that `holder` names. */
  readonly holdings: string;
  readonly holder: string;
  /** Whether they sign in, and so can show what a role demands. */
  readonly signIn: boolean;
}

/** A role as an account holds it. */
export type HeldRole = Pick<Role, 'name' | 'permissions' | 'requiredAcr'>;

/** The operator and the service's own code could change the tables directly. */
const EVERYTHING: HeldAuthority = { roles: [], permissions: ['*'] };

/**
 * Where a change of authority learns who holds what. The modules that keep accounts enter them, so
 * that roles need not know of users or services.
 */
@Injectable()
export class AuthorityLookup {
  private readonly holders: RoleHolders[] = [];

  constructor(
    private readonly defaultRole: DefaultRole,
    private readonly sessionFactors: SessionFactors,
  ) {}

  add(holders: RoleHolders): void {
    this.holders.push(holders);
  }

  /**
   * Read inside the transaction that changes authority, under the lock of `RoleDefinitions`.
   * Unknown and inactive actors, and anonymous ones, hold nothing; nobody holds a role that demands more
   * than the session has shown by which they act.
   */
  async heldBy(manager: EntityManager, actor: Actor): Promise<HeldAuthority> {
    if (actor === OPERATOR || actor === SYSTEM) return EVERYTHING;
    const held = await manager.query<HeldRole[]>(this.holders.map(rolesSql).join(' UNION ALL '), [
      actor.userId,
    ]);
    if (held.length === 0) return { roles: [], permissions: [] };
    const level = await this.levelOf(manager, actor);
    const isWithheld = (role: HeldRole): role is HeldRole & WithheldRole =>
      !reaches(level, role.requiredAcr ?? 'aal1');
    const roles = held.filter((role) => !isWithheld(role));
    return {
      roles: [...roles.map(({ name }) => name), this.defaultRole.name],
      permissions: roles.flatMap(({ permissions }) => permissions),
      withheld: held.filter(isWithheld),
    };
  }

  /** What has been shown in the session by which somebody acts. */
  async levelOf(manager: EntityManager, { sessionId }: Actor): Promise<AssuranceLevel> {
    if (sessionId === null) return 'aal1';
    return levelOfShown(await this.sessionFactors.shownIn(manager, sessionId));
  }

  /** The active users that hold a role. */
  async activeHolders(manager: EntityManager, role: string): Promise<string[]> {
    return this.holdersOf(manager, role, (holders) => holders.signIn && activeHoldersSql(holders));
  }

  /** Whether a service holds a role, active or not. */
  async isHeldByService(manager: EntityManager, role: string): Promise<boolean> {
    const found = await this.holdersOf(manager, role, (kind) => !kind.signIn && anyHolderSql(kind));
    return found.length > 0;
  }

  private async holdersOf(
    manager: EntityManager,
    role: string,
    sqlFor: (holders: RoleHolders) => string | false,
  ): Promise<string[]> {
    const statements = this.holders.map(sqlFor).filter((sql) => sql !== false);
    if (statements.length === 0) return [];
    const rows: { id: string }[] = await manager.query(statements.join(' UNION ALL '), [role]);
    return rows.map(({ id }) => id);
  }

  /**
   * For each kind of account, all roles of that holder of the role whose names and permissions are
   * the longest; none where no holder has another role. Inactive accounts count, since they can
   * become active.
   */
  async largestHoldings(manager: EntityManager, role: string): Promise<HeldRole[][]> {
    const rows: { roles: HeldRole[] }[] = await manager.query(
      this.holders.map(largestHoldingSql).join(' UNION ALL '),
      [role],
    );
    return rows.map(({ roles }) => roles);
  }
}

function rolesSql({ accounts, holdings, holder }: RoleHolders): string {
  return `
    SELECT role.name, role.permissions, role.required_acr AS "requiredAcr"
    FROM ${accounts} account
      JOIN ${holdings} held ON held.${holder} = account.id
      JOIN roles role ON role.name = held.role_name
    WHERE account.id = $1::uuid AND account.status = 'active'`;
}

function activeHoldersSql({ accounts, holdings, holder }: RoleHolders): string {
  return `
    SELECT account.id FROM ${holdings} held JOIN ${accounts} account ON account.id = held.${holder}
    WHERE held.role_name = $1 AND account.status = 'active'`;
}

function anyHolderSql({ holdings, holder }: RoleHolders): string {
  return `(SELECT held.${holder} AS id FROM ${holdings} held WHERE held.role_name = $1 LIMIT 1)`;
}

// Each set of roles once, however many hold it. Quotation marks and a comma come to every text; a
// withheld role is named twice, and its claims have names of their own.
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
      SELECT json_agg(json_build_object('name', role.name, 'permissions', role.permissions,
          'requiredAcr', role.required_acr)
        ORDER BY role.name)
      FROM roles role WHERE role.name = ANY(holding.names)
    ) AS roles
    FROM holding
    ORDER BY (SELECT sum(length(name) + 3) FROM unnest(holding.names) AS name)
      + (SELECT coalesce(sum(length(permission) + 3), 0) FROM (
          SELECT DISTINCT unnest(role.permissions) AS permission
          FROM roles role WHERE role.name = ANY(holding.names)) AS carried)
      + (SELECT coalesce(sum(length(role.name) + 3) + 26 + 9 * count(DISTINCT role.required_acr), 0)
        FROM roles role WHERE role.name = ANY(holding.names) AND role.required_acr IS NOT NULL) DESC
    LIMIT 1)`;
}
