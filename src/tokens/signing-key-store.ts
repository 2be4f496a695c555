import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, Not } from 'typeorm';
import { type AsymmetricAlgorithm, generateSigningKeyPair } from './generate-signing-key-pair.js';
import { PrivateKeyCipher } from './private-key-cipher.js';
import { SigningKeyRow } from './signing-key.entity.js';
import type { SigningKeyRing } from './signing-key.js';

// Any fixed number that nothing else locks on.
const ADVISORY_LOCK = 7_265_108_471;

/** The asymmetric signing keys in the database. */
@Injectable()
export class SigningKeyStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: PrivateKeyCipher,
  ) {}

  /**
   * All keys that verify. The first start makes the one that signs; of several instances that
   * start together one does. After a change of algorithm the former key goes on verifying.
   *
   * @throws StartupError when the key that signs cannot be decrypted
   */
  async loadOrCreate(algorithm: AsymmetricAlgorithm): Promise<SigningKeyRing> {
    const rows = await findVerifying(this.dataSource.manager);
    if (rows.some((row) => signs(row, algorithm))) return this.toRing(rows);
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
      const now = await findVerifying(manager);
      if (!now.some((row) => signs(row, algorithm))) await this.create(manager, algorithm);
      return this.toRing(await findVerifying(manager));
    });
  }

  private async create(manager: EntityManager, algorithm: AsymmetricAlgorithm): Promise<void> {
    const pair = await generateSigningKeyPair(algorithm);
    await manager.update(
      SigningKeyRow,
      { status: 'current' },
      { status: 'retired', statusChangedAt: () => 'clock_timestamp()' },
    );
    await manager.insert(SigningKeyRow, {
      kid: pair.kid,
      algorithm,
      status: 'current',
      publicJwk: pair.publicJwk,
      encryptedPrivateKey: this.cipher.encrypt(pair.kid, pair.privateKey),
    });
  }

  private toRing(rows: readonly SigningKeyRow[]): SigningKeyRing {
    const keys = rows.map(({ kid, algorithm, publicJwk }) => ({
      kid,
      algorithm,
      publicJwk,
      key: createPublicKey({ key: publicJwk, format: 'jwk' }),
    }));
    const row = rows.find(({ status }) => status === 'current');
    const key = keys.find(({ kid }) => kid === row?.kid);
    if (row === undefined || key === undefined) throw new Error('No signing key is current.');
    const privateKey = this.cipher.decrypt(row.kid, row.encryptedPrivateKey);
    return { current: { ...key, privateKey }, keys };
  }
}

async function findVerifying(manager: EntityManager): Promise<SigningKeyRow[]> {
  return manager.find(SigningKeyRow, {
    where: { status: Not('revoked') },
    order: { createdAt: 'DESC' },
  });
}

function signs(row: SigningKeyRow, algorithm: AsymmetricAlgorithm): boolean {
  return row.status === 'current' && row.algorithm === algorithm;
}
