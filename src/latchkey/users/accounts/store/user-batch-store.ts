import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { columnsOf } from '../../../platform/database/columns-of.js';
import { emailKey, readPlainAddress } from '../../../platform/http/validation/email-address.js';
import { readHash } from '../../passwords/hashing/read-hash.js';
import type { UserToImport } from '../imported-user.js';
import { User } from '../user.entity.js';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
/** About so many accounts stand for all of them. */
const SURVEYED_ACCOUNTS = 10_000;

const ADDRESS = ['id', 'email', 'emailKey'] as const;
export type AddressRow = Readonly<Pick<User, (typeof ADDRESS)[number]>>;

/** The accounts whose hashes have one form and one cost. */
export interface SurveyedCost {
  readonly cost: string;
  readonly example: string;
  readonly accounts: number;
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
    WHERE NOT EXISTS (SELECT FROM former_addresses f
      WHERE f.email_key = wanted.email_key AND f.reserved_until > clock_timestamp())
    ON CONFLICT (email_key) DO NOTHING
    RETURNING id
  ), granted AS (
    INSERT INTO user_roles (user_id, role_name)
    SELECT DISTINCT id, unnest(roles) FROM wanted JOIN created USING (id)
  )
  SELECT count(*)::integer AS imported FROM created`;

/** The table `users`: what makes, reads or samples many accounts at once. */
@Injectable()
export class UserBatchStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Makes the accounts whose addresses are not taken, all of them or, if it fails, none.
   *
   * @param importId what they can be found by
   * @returns how many it made
   */
  async insert(
    users: readonly UserToImport[],
    importId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<number> {
    const rows = JSON.stringify(users.map(toRow));
    const [row] = await manager.query<{ imported: number }[]>(INSERT, [rows, importId]);
    return row?.imported ?? 0;
  }

  /** How many `insert` would make: it makes them and takes them back. */
  async tryInsert(users: readonly UserToImport[], importId: string): Promise<number> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      return await this.insert(users, importId, runner.manager);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  /** The addresses of all accounts, each batch in a statement of its own. */
  async *addresses(batchSize: number): AsyncGenerator<AddressRow> {
    let last = BEFORE_ALL;
    for (;;) {
      const rows = await this.dataSource.query<AddressRow[]>(
        `SELECT ${columnsOf(User, 'u', ADDRESS)} FROM users u
         WHERE u.id > $1 ORDER BY u.id LIMIT $2`,
        [last, batchSize],
      );
      yield* rows;
      const next = rows.at(-1)?.id;
      if (next === undefined) return;
      last = next;
    }
  }

  /** The costs of the hashes of a sample of the accounts, in a time that does not grow with the table. */
  surveyCosts(): Promise<SurveyedCost[]> {
    return this.dataSource.query<SurveyedCost[]>(
      `SELECT cost, min(password_hash) AS example, count(*)::integer AS accounts
       FROM (
         SELECT password_hash,
           CASE WHEN password_hash LIKE '$2%' THEN left(password_hash, 7)
             ELSE regexp_replace(password_hash, '[$][^$]*[$][^$]*$', '') END AS cost
         FROM users TABLESAMPLE SYSTEM (
           (SELECT least(100, 100 * $1 / greatest(reltuples, 1)) FROM pg_class
            WHERE oid = 'users'::regclass)
         ) REPEATABLE (0)
         WHERE password_hash IS NOT NULL
       ) AS surveyed
       GROUP BY cost`,
      [SURVEYED_ACCOUNTS],
    );
  }
}

function toRow({ createdAt, passwordHash, ...user }: UserToImport) {
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
