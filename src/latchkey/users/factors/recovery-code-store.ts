import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { changesOne } from '../../platform/database/changes-one.js';
import { FactorStore } from './factor-store.js';

/** The table `recovery_codes`: those that have not been used. */
@Injectable()
export class RecoveryCodeStore {
  constructor(private readonly factors: FactorStore) {}

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
    const used = await changesOne(
      manager,
      'DELETE FROM recovery_codes WHERE factor_id = $1 AND mac = $2 RETURNING factor_id',
      [factorId, mac],
    );
    if (used) await this.factors.markUsed(manager, factorId);
    return used;
  }
}
