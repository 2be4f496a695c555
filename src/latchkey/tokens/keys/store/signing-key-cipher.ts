import { Injectable } from '@nestjs/common';
import { AppSecrets } from '../../../platform/config/app-secrets.js';
import { type Decrypted, RowCipher } from '../../../platform/config/row-cipher.js';
import { StartupError } from '../../../platform/errors/startup-error.js';

/** Encrypts private keys for the database, each bound to its `kid`. */
@Injectable()
export class SigningKeyCipher {
  private readonly cipher: RowCipher;

  constructor(secrets: AppSecrets) {
    this.cipher = new RowCipher(secrets, 'signing-keys');
  }

  encrypt(kid: string, bytes: Buffer): Buffer {
    return this.cipher.encrypt(kid, bytes);
  }

  /** @throws StartupError when no listed server secret encrypted it */
  decrypt(kid: string, encrypted: Buffer): Decrypted {
    const decrypted = this.cipher.decrypt(kid, encrypted);
    if (decrypted !== null) return decrypted;
    throw new StartupError(
      'The signing key in the database was encrypted with a secret that APP_SECRETS does not hold: add the former secret back at its end.',
    );
  }
}
