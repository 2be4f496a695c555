import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** The table `recovery_codes`: those that have not been used. */
@Injectable()
export class RecoveryCodeStore {
  async insert(manager: EntityManager, factorId: string, macs: readonly Buffer[]): Promise<void> {
    await manager.query(
      'INSERT INTO recovery_codes (factor_id, mac) SELECT $1, unnest($2::bytea[])',
      [factorId, macs],
    );
  }

  async has(manager: EntityManager, factorId: string, mac: Buffer): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      'SELECT 1 FROM recovery_codes WHERE factor_id = $1 AND mac = $2',
      [factorId, mac],
    );
    return rows.length > 0;
  }

  /** Of any number at once one uses it. */
  async use(manager: EntityManager, factorId: string, mac: Buffer): Promise<boolean> {
    const [used] = await manager.query<[unknown[], number]>(
      'DELETE FROM recovery_codes WHERE factor_id = $1 AND mac = $2 RETURNING factor_id',
      [factorId, mac],
    );
    if (used.length === 0) return false;
    await manager.query('UPDATE factors SET last_used_at = clock_timestamp() WHERE id = $1', [
      factorId,
    ]);
    return true;
  }
}
