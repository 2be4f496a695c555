import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { defineFactor } from '../../tokens/assurance/factor.js';
import { FactorSecretCipher } from './factor-secret-cipher.js';
import { FactorStore } from './factor-store.js';
import { generateRecoveryCodes, recoveryCodeMac } from './recovery-code.js';
import { RecoveryCodeStore } from './recovery-code-store.js';

export const RECOVERY_CODE = defineFactor({ name: 'recovery_code', amr: ['otp'], role: 'second' });
const KEY_BYTES = 32;

/** A code that has been found good, and has not been used yet. */
export interface GoodRecoveryCode {
  readonly factorId: string;
  readonly mac: Buffer;
}

/** What stands in for a second factor that is lost: ten codes, each good once. */
@Injectable()
export class RecoveryCodes {
  constructor(
    private readonly dataSource: DataSource,
    private readonly factors: FactorStore,
    private readonly store: RecoveryCodeStore,
    private readonly cipher: FactorSecretCipher,
  ) {}

  /**
   * Makes a new set in place of the former one. Call it under the lock of the account.
   *
   * @returns the codes: they can be shown now, and never again
   */
  async replace(manager: EntityManager, userId: string): Promise<string[]> {
    const former = await this.factors.findWithSecret(manager, userId, 'recovery_codes');
    await this.factors.delete(
      manager,
      userId,
      former.map(({ id }) => id),
    );
    const codes = generateRecoveryCodes();
    const key = randomBytes(KEY_BYTES);
    const set = { userId, kind: 'recovery_codes', secret: key } as const;
    const id = await this.factors.insert(manager, set);
    const macs = codes.flatMap((code) => recoveryCodeMac(key, code) ?? []);
    await this.store.insert(manager, id, macs);
    return codes;
  }

  /** Null when it is none of the account's, or has been used. */
  async judge(userId: string, code: string): Promise<GoodRecoveryCode | null> {
    const { manager } = this.dataSource;
    const [set] = await this.factors.findWithSecret(manager, userId, 'recovery_codes');
    const key = set === undefined ? null : this.cipher.decrypt(set.id, set.encryptedSecret);
    const mac = key && recoveryCodeMac(key, code);
    if (set === undefined || mac === null) return null;
    const good = await this.store.has(manager, set.id, mac);
    return good ? { factorId: set.id, mac } : null;
  }

  /** @returns false when another request was first */
  use(manager: EntityManager, { factorId, mac }: GoodRecoveryCode): Promise<boolean> {
    return this.store.use(manager, factorId, mac);
  }
}
