import type { UserProfile } from './user-profile.js';

export interface ProfileRow extends Omit<UserProfile, 'createdAt'> {
  readonly createdAt: Date;
}

/** Selects a `ProfileRow` from `users u`. */
export const PROFILE_COLUMNS = `
  u.id, u.email, u.email_verified AS "emailVerified", u.name, u.status,
  u.created_at AS "createdAt",
  ARRAY(SELECT role_name FROM user_roles WHERE user_id = u.id ORDER BY role_name) AS roles`;

export function toProfile({ id, email, emailVerified, name, ...row }: ProfileRow): UserProfile {
  const { roles, status, createdAt } = row;
  return { id, email, emailVerified, name, roles, status, createdAt: createdAt.toISOString() };
}
