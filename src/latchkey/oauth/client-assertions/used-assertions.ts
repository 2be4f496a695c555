import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClientStore } from '../clients/client-store.js';

/** Kept for longer than it is good, for the clocks of processes and database may differ. */
const MARGIN = `interval '10 minutes'`;

// Each that comes takes two away that are over: the table holds no more than are good.
const USE_SQL = `
  WITH over AS (
    DELETE FROM used_client_assertions WHERE (client_id, jti_hash) IN (
      SELECT client_id, jti_hash FROM used_client_assertions
      WHERE expires_at < clock_timestamp() ORDER BY expires_at LIMIT 2 FOR UPDATE SKIP LOCKED))
  INSERT INTO used_client_assertions (client_id, jti_hash, expires_at)
  VALUES ($1, $2, to_timestamp($3) + ${MARGIN})
  ON CONFLICT (client_id, jti_hash) DO NOTHING RETURNING 1`;

/** The table `used_client_assertions`: each assertion is good once, on however many instances. */
@Injectable()
export class UsedAssertions {
  constructor(
    private readonly clients: ClientStore,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * @param expiresAt in seconds since the epoch
   * @returns whether it is the first time, and the client is still there
   */
  async use(clientId: string, jti: string, expiresAt: number): Promise<boolean> {
    const hash = createHash('sha256').update(jti).digest();
    return this.dataSource.transaction(async (manager) => {
      if (!(await this.clients.keep(manager, clientId))) return false;
      const rows = await manager.query<unknown[]>(USE_SQL, [clientId, hash, expiresAt]);
      return rows.length === 1;
    });
  }
}
