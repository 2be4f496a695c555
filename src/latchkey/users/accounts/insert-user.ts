import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { emailKey, readPlainAddress } from '../../platform/http/validation/email-address.js';
import { toProfile } from './profile-row.js';
import type { UserProfile } from './user-profile.js';

export interface NewUser {
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string | null;
  readonly passwordHash: string;
  readonly roles: readonly string[];
}

const UNFIT_EMAIL = { field: 'email', message: 'email must be an e-mail address' };

/**
 * The unique key decides who of several gets an address: null when it is taken.
 *
 * @throws LatchkeyError `request.invalid` naming `email` when it is not plain
 */
export async function insertUser(
  manager: EntityManager,
  user: NewUser,
): Promise<UserProfile | null> {
  const { emailVerified, name, passwordHash, roles } = user;
  const email = readPlainAddress(user.email)?.text;
  if (email === undefined) throw requestErrors.invalid({ fields: [UNFIT_EMAIL] });
  const [created]: { id: string; createdAt: Date }[] = await manager.query(
    `INSERT INTO users (id, email, email_key, email_verified, name, password_hash)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (email_key) DO NOTHING
     RETURNING id, created_at AS "createdAt"`,
    [uuidv7(), email, emailKey(email), emailVerified, name, passwordHash],
  );
  if (created === undefined) return null;
  const { id, createdAt } = created;
  await manager.query('INSERT INTO user_roles (user_id, role_name) SELECT $1, unnest($2::text[])', [
    id,
    roles,
  ]);
  return toProfile({
    id,
    email,
    emailVerified,
    name,
    status: 'active',
    createdAt,
    roles: [...roles],
  });
}
