import { Injectable, Logger } from '@nestjs/common';
import { AppSecrets } from '../../platform/config/app-secrets.js';
import { RowCipher } from '../../platform/config/row-cipher.js';

/** Encrypts the seeds of TOTPs and the keys of recovery codes, each bound to its factor. */
@Injectable()
export class FactorSecretCipher {
  readonly keyName: string;
  private readonly logger = new Logger(FactorSecretCipher.name);
  private readonly cipher: RowCipher;

  constructor(secrets: AppSecrets) {
    this.cipher = new RowCipher(secrets, 'factors');
    this.keyName = this.cipher.keyName;
  }

  encrypt(factorId: string, secret: Buffer): Buffer {
    return this.cipher.encrypt(factorId, secret);
  }

  /** Null, and a line in the log, when `APP_SECRETS` does not hold the secret that has encrypted it. */
  decrypt(factorId: string, encrypted: Buffer): Buffer | null {
    const decrypted = this.cipher.decrypt(factorId, encrypted);
    if (decrypted !== null) return decrypted.bytes;
    this.logger.error(
      { factorId },
      'A factor was encrypted with a secret that APP_SECRETS does not hold: add the former secret back at its end',
    );
    return null;
  }
}
