import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type PreparedStatement,
  PreparedStatements,
} from '../../../platform/database/connection/prepared-statements.js';
import type { RolesChange } from '../../../roles/role-assignments.js';
import type {
  DemandingRole,
  HeldFacts,
} from '../../../tokens/access-tokens/authority-of-session.js';
import { KeptVersions } from '../../../tokens/access-tokens/kept-versions.js';
import type { RevokingTransaction } from '../../../tokens/revocation/revocations.js';
import type { User, UserStatus } from '../user.entity.js';
import { UserProfile } from '../users.dto.js';
import { PROFILE_COLUMNS, type ProfileRow } from './user-store.js';

export interface UserWithFacts {
  readonly user: UserProfile;
  readonly status: UserStatus;
  readonly facts: HeldFacts;
}

export interface FactsRow extends ProfileRow {
  readonly permissions: string[];
  readonly demanding: DemandingRole[];
  readonly userVersion: User['authorizationVersion'];
  readonly rolesVersion: number;
}

/** Selects a `FactsRow` from `users u`: in one statement, and so in one snapshot. */
export const FACTS_COLUMNS = `${PROFILE_COLUMNS},
  ARRAY(
    SELECT DISTINCT unnest(r.permissions)
    FROM user_roles held JOIN roles r ON r.name = held.role_name
    WHERE held.user_id = u.id AND r.required_acr IS NULL
    ORDER BY 1
  ) AS permissions,
  (
    SELECT coalesce(json_agg(json_build_object('name', r.name, 'requiredAcr', r.required_acr,
      'permissions', r.permissions) ORDER BY r.name), '[]')
    FROM user_roles held JOIN roles r ON r.name = held.role_name
    WHERE held.user_id = u.id AND r.required_acr IS NOT NULL
  ) AS demanding,
  u.authorization_version AS "userVersion",
  (SELECT version FROM role_definitions) AS "rolesVersion"`;

/** Joins, as `u`, the user of a column that refers to one: for a snapshot with another table. */
export function joinUserSql(userId: string): string {
  return `JOIN users u ON u.id = ${userId}`;
}

const FIND_FACTS: PreparedStatement = {
  name: 'find-user-facts',
  text: `SELECT ${FACTS_COLUMNS} FROM users u WHERE u.id = $1`,
};

/** The tables `users` and `user_roles`: what accounts may do, and the version that dates it. */
@Injectable()
export class UserAuthorityStore extends KeptVersions {
  readonly keeps = 'userVersion';

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: PreparedStatements,
  ) {
    super();
  }

  /** @param manager of a transaction that has changed what is read; without one, on the pool */
  async findFacts(userId: string, manager?: EntityManager): Promise<UserWithFacts | null> {
    const [row] =
      manager === undefined
        ? await this.statements.query<FactsRow>(FIND_FACTS, [userId])
        : await manager.query<FactsRow[]>(FIND_FACTS.text, [userId]);
    return row === undefined ? null : toUserWithFacts(row);
  }

  /**
   * Raises the version and carries it in the transaction's revocations: access tokens from before are
   * refused everywhere.
   *
   * @returns whether there is such an account
   */
  async makeTokensStale(transaction: RevokingTransaction, userId: string): Promise<boolean> {
    const [rows] = await transaction.manager.query<[{ version: number }[], number]>(
      `UPDATE users SET authorization_version = authorization_version + 1
       WHERE id = $1 RETURNING authorization_version AS version`,
      [userId],
    );
    for (const { version } of rows) transaction.revoke({ kind: 'user-version', userId, version });
    return rows.length > 0;
  }

  /**
   * Gives and takes roles, and makes the access tokens stale. Call it under the lock of
   * `RoleDefinitions`, under which the change has been judged.
   */
  async changeRoles(
    transaction: RevokingTransaction,
    userId: string,
    { given, taken }: RolesChange,
  ): Promise<void> {
    const { manager } = transaction;
    const [rows] = await manager.query<[{ version: number }[], number]>(
      `UPDATE users SET authorization_version = authorization_version + 1,
         updated_at = clock_timestamp()
       WHERE id = $1 RETURNING authorization_version AS version`,
      [userId],
    );
    await manager.query('DELETE FROM user_roles WHERE user_id = $1 AND role_name = ANY($2)', [
      userId,
      taken,
    ]);
    await manager.query(
      'INSERT INTO user_roles (user_id, role_name) SELECT $1, unnest($2::text[])',
      [userId, given],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('The user vanished under the lock of authority.');
    transaction.revoke({ kind: 'user-version', userId, version: row.version });
  }

  async read(manager: EntityManager, userId: string): Promise<number | null> {
    const [row] = await manager.query<Pick<User, 'authorizationVersion'>[]>(
      'SELECT authorization_version AS "authorizationVersion" FROM users WHERE id = $1',
      [userId],
    );
    return row?.authorizationVersion ?? null;
  }

  async raiseTo(version: number, userId: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE users SET authorization_version = $2
       WHERE id = $1 AND authorization_version < $2`,
      [userId, version],
    );
  }

  /** At most as many as asked for. Call it under the lock of `RoleDefinitions`. */
  async findActiveHolders(manager: EntityManager, role: string, most: number): Promise<string[]> {
    const holders = await manager.query<Pick<User, 'id'>[]>(
      `SELECT u.id FROM user_roles held JOIN users u ON u.id = held.user_id
       WHERE held.role_name = $1 AND u.status = 'active' LIMIT $2`,
      [role, most],
    );
    return holders.map(({ id }) => id);
  }

  /** Whether any account has the role, active or not. */
  async isHeld(manager: EntityManager, role: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      'SELECT 1 FROM user_roles WHERE role_name = $1 LIMIT 1',
      [role],
    );
    return rows.length > 0;
  }
}

export function toUserWithFacts(row: FactsRow): UserWithFacts {
  const { id, status, roles, permissions, demanding, userVersion, rolesVersion } = row;
  const facts = { userId: id, roles, permissions, demanding, userVersion, rolesVersion };
  return { user: UserProfile.of(row), status, facts };
}
