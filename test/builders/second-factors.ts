import { Injectable, Module } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LatchkeyModule } from '../../src/latchkey/latchkey.module.js';
import {
  type FactorAttempt,
  type JudgedFactor,
  SecondFactors,
} from '../../src/latchkey/tokens/assurance/second-factors.js';
import type { Stores } from '../support/stores.js';
import { TEST_KEY, TEST_TOTP } from './shown-factors.js';

/** Codes of which each is good once, for accounts that have been given some. */
@Injectable()
class TestCodes extends SecondFactors {
  readonly methods = [
    { method: 'test_totp', factor: TEST_TOTP },
    { method: 'test_key', factor: TEST_KEY },
  ];

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async usableBy(manager: EntityManager, userId: string): Promise<string[]> {
    const rows = await manager.query<{ method: string }[]>(
      'SELECT DISTINCT method FROM test_codes WHERE user_id = $1 ORDER BY method DESC',
      [userId],
    );
    return rows.map(({ method }) => method);
  }

  async judge({ userId, method, code }: FactorAttempt): Promise<JudgedFactor | null> {
    const [found] = await this.dataSource.query<unknown[]>(
      'SELECT 1 FROM test_codes WHERE user_id = $1 AND method = $2 AND code = $3 AND NOT used',
      [userId, method, code ?? ''],
    );
    const factor = this.methods.find((one) => one.method === method)?.factor;
    if (found === undefined || factor === undefined) return null;
    return {
      shown: factor.shown(),
      consume: async (manager) => {
        const [, consumed] = await manager.query<[unknown[], number]>(
          `UPDATE test_codes SET used = true
           WHERE user_id = $1 AND method = $2 AND code = $3 AND NOT used`,
          [userId, method, code],
        );
        return consumed === 1;
      },
    };
  }

  async removeAll(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('DELETE FROM test_codes WHERE user_id = $1', [userId]);
  }
}

/** Latchkey with a second factor that tests alone have. */
@Module({ imports: [LatchkeyModule], providers: [TestCodes] })
export class WithSecondFactors {}

export async function createTestCodes(stores: Stores): Promise<void> {
  await stores.query(
    `CREATE TABLE test_codes (user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
       method text NOT NULL, code text NOT NULL, used boolean NOT NULL DEFAULT false)`,
  );
}

/** Codes of an account, each good once. */
export async function giveCodes(
  stores: Stores,
  userId: string,
  method: 'test_totp' | 'test_key',
  ...codes: readonly string[]
): Promise<void> {
  for (const code of codes) {
    await stores.query('INSERT INTO test_codes VALUES ($1, $2, $3)', [userId, method, code]);
  }
}
