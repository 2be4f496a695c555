import type { AuthorizationFacts } from '../../tokens/access-tokens/authorization-facts.js';
import { PROFILE_COLUMNS, type ProfileRow, toProfile } from './profile-row.js';
import type { UserStatus } from './user.entity.js';
import type { UserProfile } from './user-profile.js';

export interface UserWithFacts {
  readonly user: UserProfile;
  readonly status: UserStatus;
  readonly facts: AuthorizationFacts;
}

export interface FactsRow extends ProfileRow {
  readonly permissions: string[];
  readonly userVersion: number;
  readonly rolesVersion: number;
}

/** Selects a `FactsRow` from `users u`. */
export const FACTS_COLUMNS = `${PROFILE_COLUMNS},
  ARRAY(
    SELECT DISTINCT unnest(r.permissions)
    FROM user_roles held JOIN roles r ON r.name = held.role_name
    WHERE held.user_id = u.id
    ORDER BY 1
  ) AS permissions,
  u.authorization_version AS "userVersion",
  (SELECT version FROM role_definitions) AS "rolesVersion"`;

/** Joins, as `u`, the user of a column that refers to one. */
export function joinUserSql(userId: string): string {
  return `JOIN users u ON u.id = ${userId}`;
}

export function toUserWithFacts(row: FactsRow): UserWithFacts {
  const { id, status, roles, permissions, userVersion, rolesVersion } = row;
  const facts = { userId: id, roles, permissions, userVersion, rolesVersion };
  return { user: toProfile(row), status, facts };
}
