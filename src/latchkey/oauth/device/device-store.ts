import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { columnsOf } from '../../platform/database/columns-of.js';
import { DeviceAuthorization } from './device-authorization.entity.js';

const COLUMNS = ['id', 'clientId', 'scope', 'audience', 'status', 'userId', 'sessionId'] as const;

export type DeviceAuthorizationRow = Readonly<Pick<DeviceAuthorization, (typeof COLUMNS)[number]>>;
export type NewDeviceAuthorization = Readonly<
  Pick<
    DeviceAuthorization,
    'id' | 'userCodeHash' | 'clientId' | 'scope' | 'audience' | 'intervalSeconds'
  >
>;

/** What a device is told that asks. */
export interface Poll extends Pick<DeviceAuthorizationRow, 'status'> {
  readonly isOver: boolean;
  /** It has not waited as long as it was told. */
  readonly isTooSoon: boolean;
}

const SELECT = `SELECT ${columnsOf(DeviceAuthorization, 'device', COLUMNS)}
  FROM device_authorizations AS device`;
const IS_LIVE = 'device.expires_at > clock_timestamp()';
/** Each time that it asks too soon it has to wait longer (RFC 8628 section 3.5). */
const SLOWER_BY_SECONDS = 5;
const LONGEST_INTERVAL_SECONDS = 60;
/** Two clocks, and the way there. */
const LEEWAY_SECONDS = 0.5;

/** The statements on `device_authorizations`. */
@Injectable()
export class DeviceStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns false when the code is one that is there already */
  async insert(
    manager: EntityManager,
    { id, userCodeHash, clientId, scope, audience, intervalSeconds }: NewDeviceAuthorization,
    lifetimeSeconds: number,
  ): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `INSERT INTO device_authorizations (id, user_code_hash, client_id, scope, audience, interval_seconds, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(secs => $7))
       ON CONFLICT (user_code_hash) DO NOTHING RETURNING id`,
      [id, userCodeHash, clientId, scope, audience, intervalSeconds, lifetimeSeconds],
    );
    return rows.length > 0;
  }

  /** One that waits for an answer. */
  async findWaiting(hashes: readonly Buffer[]): Promise<DeviceAuthorizationRow | null> {
    const [row] = await this.dataSource.query<DeviceAuthorizationRow[]>(
      `${SELECT} WHERE device.user_code_hash = ANY ($1) AND device.status = 'pending' AND ${IS_LIVE}`,
      [hashes],
    );
    return row ?? null;
  }

  /** Whether it was waiting until now. */
  async allow(
    manager: EntityManager,
    { id, userId, sessionId }: { id: string; userId: string; sessionId: string },
  ): Promise<boolean> {
    const [, count] = await manager.query<[unknown[], number]>(
      `UPDATE device_authorizations AS device SET status = 'allowed', user_id = $2, session_id = $3
       WHERE device.id = $1 AND device.status = 'pending' AND ${IS_LIVE}`,
      [id, userId, sessionId],
    );
    return count > 0;
  }

  /** Whether it was waiting until now. */
  async deny(id: string): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown[], number]>(
      `UPDATE device_authorizations AS device SET status = 'denied'
       WHERE device.id = $1 AND device.status = 'pending' AND ${IS_LIVE}`,
      [id],
    );
    return count > 0;
  }

  /** The device asks: in one statement, so that of two at once one is too soon. Null: it is gone. */
  async poll(id: string): Promise<Poll | null> {
    const [[row]] = await this.dataSource.query<[Poll[], number]>(
      `UPDATE device_authorizations AS device SET polled_at = clock_timestamp(),
         interval_seconds = CASE WHEN former.is_too_soon
           THEN LEAST(device.interval_seconds + ${SLOWER_BY_SECONDS}, ${LONGEST_INTERVAL_SECONDS})
           ELSE device.interval_seconds END
       FROM (
         SELECT id, coalesce(clock_timestamp() < polled_at
             + make_interval(secs => interval_seconds - ${LEEWAY_SECONDS}), false) AS is_too_soon
         FROM device_authorizations WHERE id = $1 FOR UPDATE
       ) AS former
       WHERE device.id = former.id
       RETURNING device.status, NOT (${IS_LIVE}) AS "isOver", former.is_too_soon AS "isTooSoon"`,
      [id],
    );
    return row ?? null;
  }

  async find(manager: EntityManager, id: string): Promise<DeviceAuthorizationRow | null> {
    const [row] = await manager.query<DeviceAuthorizationRow[]>(
      `${SELECT} WHERE device.id = $1 AND ${IS_LIVE}`,
      [id],
    );
    return row ?? null;
  }

  /** Those of which even the device code is over. */
  async deleteOld(manager: EntityManager, limit: number): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(
      `DELETE FROM device_authorizations WHERE id IN (
         SELECT id FROM device_authorizations
         WHERE expires_at < clock_timestamp() - interval '1 hour' ORDER BY expires_at LIMIT $1)`,
      [limit],
    );
    return count;
  }
}
