import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { signedInSinceSql } from '../../../tokens/sessions/store/session-sql.js';
import type { UserStatus } from '../user.entity.js';
import { PROFILE_COLUMNS, type ProfileRow } from './user-store.js';

/** Accounts that have a second factor or a passkey, or none. */
export const SECOND_FACTOR_FILTERS = ['some', 'none'] as const;
export type SecondFactorFilter = (typeof SECOND_FACTOR_FILTERS)[number];

/** Which accounts a list shows; what is null does not restrict it. */
export interface ProfileConditions {
  /** How the key of the address begins. */
  readonly emailKeyPrefix: string | null;
  readonly status: UserStatus | null;
  readonly role: string | null;
  readonly secondFactor: SecondFactorFilter | null;
  /** Part of the address or the name, in any case. */
  readonly part: string | null;
  /** The lowest id of a session, of those that are kept, one of which the account has. */
  readonly hasSessionFrom: string | null;
  /** The same, of which it has none. */
  readonly hasNoSessionFrom: string | null;
  /** By which somebody signs in to them. */
  readonly provider: string | null;
  readonly beforeId: string | null;
}

const HAS_SECOND_FACTOR_SQL = `EXISTS (SELECT FROM factors WHERE factors.user_id = u.id
  AND factors.kind <> 'recovery_codes' AND factors.confirmed_at IS NOT NULL)`;
/** What `users_search_idx` is of: written otherwise, the index is not used. */
const SEARCHED_SQL = `(u.email || ' ' || coalesce(u.name, ''))`;

/** SQL of a condition on `users u`, by the parameter that its value is. */
const CONDITIONS: {
  readonly [Name in keyof ProfileConditions]: (parameter: string) => string;
} = {
  emailKeyPrefix: (prefix) => `u.email_key LIKE ${prefix}`,
  status: (status) => `u.status = ${status}`,
  role: (role) => `holder.role_name = ${role}`,
  secondFactor: (which) => `(${which}::text = 'some') = ${HAS_SECOND_FACTOR_SQL}`,
  part: (part) => `${SEARCHED_SQL} ILIKE ${part}`,
  hasSessionFrom: (id) => signedInSinceSql(id),
  hasNoSessionFrom: (id) => `NOT ${signedInSinceSql(id)}`,
  provider: (provider) => `EXISTS (SELECT FROM identities WHERE identities.user_id = u.id
    AND identities.provider = ${provider})`,
  beforeId: (id) => `u.id < ${id}`,
};

/** The table `users`: lists of accounts. */
@Injectable()
export class UserSearchStore {
  /** The newest first. */
  findProfiles(
    manager: EntityManager,
    conditions: ProfileConditions,
    limit: number,
  ): Promise<ProfileRow[]> {
    const { emailKeyPrefix, part } = conditions;
    const given = {
      ...conditions,
      emailKeyPrefix: emailKeyPrefix === null ? null : `${escapeLike(emailKeyPrefix)}%`,
      part: part === null ? null : `%${escapeLike(part)}%`,
    };
    // What is not asked for is no part of the statement: beside `$1 IS NULL OR …` the planner joins nothing.
    const names = Object.keys(CONDITIONS) as (keyof ProfileConditions)[];
    const asked = names.filter((name) => given[name] !== null);
    const where = asked.map((name, index) => CONDITIONS[name](`$${index + 2}`));
    // Whoever holds a role is found by the index of holders, in the order of the list; the planner does
    // not see by itself that where one table begins the other does.
    const byRole = given.role !== null;
    if (byRole && given.beforeId !== null) {
      where.push(`holder.user_id < $${asked.indexOf('beforeId') + 2}`);
    }
    return manager.query<ProfileRow[]>(
      `SELECT ${PROFILE_COLUMNS}
       FROM ${byRole ? 'user_roles holder JOIN users u ON u.id = holder.user_id' : 'users u'}
       ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
       ORDER BY ${byRole ? 'holder.user_id' : 'u.id'} DESC LIMIT $1`,
      [limit, ...asked.map((name) => given[name])],
    );
  }
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
