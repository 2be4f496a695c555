import type { EntityManager } from 'typeorm';
import { clientAddress } from '../../../platform/http/client-address.js';
import { firstSessionIdAfter } from '../../revocation/kinds/session-moment.js';

export const MAX_ROLE_LENGTH = 63;
export const MAX_USER_AGENT_LENGTH = 512;

/** What sessions can be selected by; every condition that is given must hold. */
export interface SessionConditions {
  readonly userId?: string;
  /** Held by the user now. */
  readonly role?: string;
  /** An address or a range, that the session was started or last used from. */
  readonly ip?: string;
  /** Part of the user agent that the session was started or last used with; case is ignored. */
  readonly userAgent?: string;
  /** An instant (ISO 8601). */
  readonly createdBefore?: string;
  /** At this client. */
  readonly clientId?: string;
}

/** The condition on a row of `sessions`, aliased `session`, with six parameters from `$first` on. */
export function conditionsSql(first: number): string {
  const [userId, role, ip, userAgent, endId, clientId] = [0, 1, 2, 3, 4, 5].map(
    (offset) => `$${first + offset}`,
  );
  return `(${userId}::uuid IS NULL OR session.user_id = ${userId})
    AND (${endId}::uuid IS NULL OR session.id < ${endId})
    AND (${clientId}::uuid IS NULL OR session.client_id = ${clientId})
    AND ${placeSql(`${ip}`, `${userAgent}`)}
    AND (${role}::text IS NULL OR ${holdsRoleSql(`${role}`)})`;
}

/** Where and with what a session was started or last used. */
export function placeSql(ip: string, userAgent: string): string {
  return `(${ip}::inet IS NULL OR session.last_ip <<= ${ip} OR session.created_ip <<= ${ip})
    AND (${userAgent}::text IS NULL
      OR ${containsSql('session.last_user_agent', userAgent)}
      OR session.created_user_agent <> session.last_user_agent
        AND ${containsSql('session.created_user_agent', userAgent)})`;
}

// In this collation only ASCII letters have a case, which takes a tenth of the time.
function containsSql(text: string, part: string): string {
  return `strpos(lower(${text} COLLATE "C"), lower(${part} COLLATE "C")) > 0`;
}

/** The parameters of `conditionsSql`. */
export function conditionParameters(conditions: SessionConditions): unknown[] {
  const { userId, role, ip, userAgent, createdBefore, clientId } = conditions;
  return [
    userId ?? null,
    role ?? null,
    ip === undefined ? null : addressRange(ip),
    userAgent ?? null,
    createdBefore === undefined ? null : firstSessionIdAt(createdBefore),
    clientId ?? null,
  ];
}

/** As sessions are stored: IPv4 as such when it is written as IPv6. */
export function addressRange(text: string): string {
  return text.includes('/') ? text : clientAddress(text);
}

/** The lowest id that a session can have which began at an instant or later. */
export function firstSessionIdAt(instant: string): string {
  return firstSessionIdAfter(Math.max(-1, Date.parse(instant) - 1));
}

// Here alone do tokens look at a table of users, `user_roles (user_id, role_name)`: sessions can be
// selected by what their user now holds, and that has to happen in the same statement.

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
  const holders = await manager.query<{ userId: string }[]>(
    'SELECT user_id AS "userId" FROM user_roles WHERE role_name = $1 LIMIT $2',
    [role, most + 1],
  );
  return holders.length > most ? null : holders.map(({ userId }) => userId);
}
