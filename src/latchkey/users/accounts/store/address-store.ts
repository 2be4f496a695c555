import { Injectable } from '@nestjs/common';
import { type EntityManager, QueryFailedError } from 'typeorm';
import { changesOne } from '../../../platform/database/changes-one.js';
import { columnsOf } from '../../../platform/database/columns-of.js';
import { emailKey } from '../../../platform/http/validation/email-address.js';
import { User } from '../user.entity.js';

const ADDRESS = ['email', 'emailKey', 'emailVerified'] as const;
export type AccountAddress = Readonly<Pick<User, (typeof ADDRESS)[number]>>;

const UNIQUE_VIOLATION = '23505';

/** Thrown where another account has the address or may take it back; the transaction is of no use then. */
export class AddressTaken extends Error {}

/** The tables `users` and `former_addresses`: which account has which address, or may take it back. */
@Injectable()
export class AddressStore {
  /** Whether another account may take the address back. */
  async isReserved(manager: EntityManager, email: string, forUserId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `SELECT FROM former_addresses
       WHERE email_key = $1 AND user_id <> $2 AND reserved_until > clock_timestamp()`,
      [emailKey(email), forUserId],
    );
    return rows.length > 0;
  }

  /**
   * Gives an account that the transaction has locked another address, which its owner has proved. Of two
   * accounts that take one at once the second waits for the first.
   *
   * @returns the former one
   * @throws AddressTaken
   */
  async replace(manager: EntityManager, userId: string, email: string): Promise<AccountAddress> {
    const [former] = await manager.query<AccountAddress[]>(
      `SELECT ${columnsOf(User, 'u', ADDRESS)} FROM users u WHERE u.id = $1`,
      [userId],
    );
    if (former === undefined) throw new AddressTaken();
    await changesOne(
      manager,
      `UPDATE users SET email = $2, email_key = $3, email_verified = true,
         updated_at = clock_timestamp() WHERE id = $1 RETURNING id`,
      [userId, email, emailKey(email)],
    ).catch(refuseTaken);
    // In a snapshot of its own: whoever gave the address up may have committed while this one waited.
    if (await this.isReserved(manager, email, userId)) throw new AddressTaken();
    return former;
  }

  /** Keeps an address that the account has had until now for it. */
  async reserve(
    manager: EntityManager,
    { emailKey }: Pick<AccountAddress, 'emailKey'>,
    userId: string,
    seconds: number,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO former_addresses (email_key, user_id, reserved_until)
       VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
       ON CONFLICT (email_key) DO UPDATE
       SET user_id = excluded.user_id, reserved_until = excluded.reserved_until`,
      [emailKey, userId, seconds],
    );
  }

  /** Removes what is not reserved any more; returns how many. */
  async deleteExpired(manager: EntityManager, limit: number): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(
      `DELETE FROM former_addresses WHERE email_key IN (
         SELECT email_key FROM former_addresses WHERE reserved_until <= clock_timestamp()
         ORDER BY reserved_until LIMIT $1)`,
      [limit],
    );
    return count;
  }
}

function refuseTaken(error: unknown): never {
  const { code } = (error as { driverError?: { code?: string } }).driverError ?? {};
  if (error instanceof QueryFailedError && code === UNIQUE_VIOLATION) throw new AddressTaken();
  throw error;
}
