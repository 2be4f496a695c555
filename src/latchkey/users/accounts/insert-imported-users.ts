import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { emailKey, readPlainAddress } from '../../platform/http/validation/email-address.js';
import { readHash } from '../passwords/hashing/read-hash.js';
import type { ImportedUser } from './imported-user.js';

/**
 * Makes the accounts whose addresses are not taken, all of them or, if it fails, none.
 *
 * @param importId what they can be found by
 * @returns how many it made
 */
export async function insertImportedUsers(
  manager: EntityManager,
  users: readonly ImportedUser[],
  importId: string,
): Promise<number> {
  const [row]: { imported: number }[] = await manager.query(INSERT, [
    JSON.stringify(users.map(toRow)),
    importId,
  ]);
  return row?.imported ?? 0;
}

/** How many it would make: it makes them and takes them back. */
export async function tryInsertImportedUsers(
  dataSource: DataSource,
  users: readonly ImportedUser[],
  importId: string,
): Promise<number> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    return await insertImportedUsers(runner.manager, users, importId);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

function toRow({ createdAt, passwordHash, ...user }: ImportedUser) {
  // Postgres would refuse some offsets, and read a day in the time zone of the session.
  const created = createdAt === undefined ? undefined : new Date(createdAt);
  return {
    id: uuidv7({ msecs: created && Math.max(0, created.getTime()) }),
    email: readPlainAddress(user.email)?.text,
    email_key: emailKey(user.email),
    email_verified: user.emailVerified,
    name: user.name ?? null,
    status: user.status,
    password_hash: passwordHash === null ? null : readHash(passwordHash)?.text,
    created_at: created?.toISOString() ?? null,
    roles: user.roles,
  };
}

const INSERT = `
  WITH wanted AS (
    SELECT * FROM json_to_recordset($1::json) AS w (
      id uuid, email text, email_key text, email_verified boolean, name text, status text,
      password_hash text, created_at timestamptz, roles text[])
  ), created AS (
    INSERT INTO users (id, email, email_key, email_verified, name, status, password_hash,
      created_at, import_id)
    SELECT id, email, email_key, email_verified, name, status, password_hash,
      coalesce(created_at, clock_timestamp()), $2
    FROM wanted
    ON CONFLICT (email_key) DO NOTHING
    RETURNING id
  ), granted AS (
    INSERT INTO user_roles (user_id, role_name)
    SELECT DISTINCT id, unnest(roles) FROM wanted JOIN created USING (id)
  )
  SELECT count(*)::integer AS imported FROM created`;
