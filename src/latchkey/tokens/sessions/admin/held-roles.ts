import type { EntityManager } from 'typeorm';

/**
 * The one place where tokens look at a table of users: `user_roles (user_id, role_name)`. Sessions
 * can be selected by what their user now holds, and that has to happen in the same statement.
 */

/** Whether the user of a row of `sessions`, aliased `session`, holds a role now: for many rows. */
export function holdsRoleSql(role: string): string {
  return `session.user_id IN (SELECT user_id FROM user_roles WHERE role_name = ${role})`;
}

/** The same for few rows: not to be planned as a join that reads all holders of the role first. */
export function rowHoldsRoleSql(role: string): string {
  return `(SELECT true FROM user_roles AS held
    WHERE held.user_id = session.user_id AND held.role_name = ${role})`;
}

/** Who holds a role now; null when they are more than `most`. */
export async function findHolders(
  manager: EntityManager,
  role: string,
  most: number,
): Promise<string[] | null> {
  const holders = await manager.query<{ user_id: string }[]>(
    'SELECT user_id FROM user_roles WHERE role_name = $1 LIMIT $2',
    [role, most + 1],
  );
  return holders.length > most ? null : holders.map(({ user_id }) => user_id);
}
