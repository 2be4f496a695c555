import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccessConfig } from '../../../access/access.config.js';
import { SYSTEM } from '../../../audit/actor.js';
import { Revocations, type RevokingTransaction } from '../../revocation/revocations.js';
import { generateSigningKey, type SigningKeyMaterial } from '../store/signing-key-material.js';
import { SigningKeyStore } from '../store/signing-key-store.js';
import { PublishKey } from './publish-key.js';

/**
 * Brings the keys in line with the settings that the server starts with. Of instances that start
 * with different settings the last one decides.
 */
@Injectable()
export class AdoptSettings {
  private readonly logger = new Logger('Keys');

  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly store: SigningKeyStore,
    private readonly publishKey: PublishKey,
    private readonly config: AccessConfig,
  ) {}

  /**
   * A new `JWT_ALGORITHM` becomes that of the next key, which signs once verifiers know it. With a
   * new first secret in `APP_SECRETS` the keys are encrypted again, so that the former secrets can
   * be dropped.
   *
   * @throws StartupError when a key cannot be decrypted
   */
  async adopt(): Promise<void> {
    const { algorithm } = this.config;
    const { next } = await this.store.getPair(this.dataSource.manager, 'access');
    const spare = next.algorithm === algorithm ? undefined : await generateSigningKey(algorithm);
    await this.revocations.commit(async (transaction) => {
      await this.store.lock(transaction.manager);
      const encryptedAnew = await this.store.encryptAnew(transaction.manager);
      if (encryptedAnew > 0) {
        this.logger.log('The signing keys have been encrypted with the newest of APP_SECRETS');
      }
      await this.adoptAlgorithm(transaction, spare);
    });
  }

  private async adoptAlgorithm(
    transaction: RevokingTransaction,
    spare?: SigningKeyMaterial,
  ): Promise<void> {
    const { algorithm } = this.config;
    const { current, next } = await this.store.getPair(transaction.manager, 'access');
    if (next.algorithm === algorithm) return;
    await this.store.delete(transaction.manager, next.kid);
    await this.publishKey.publish(
      transaction,
      { algorithm, purpose: 'access', status: 'next' },
      SYSTEM,
      spare,
    );
    if (current.algorithm === algorithm) return;
    this.logger.log(`A key for ${algorithm} has been published; it signs in a few minutes`);
  }
}
