import { Injectable, Logger } from '@nestjs/common';
import { AppSecrets } from '../../platform/config/app-secrets.js';
import { RowCipher } from '../../platform/config/row-cipher.js';

/** What a provider has given for somebody. */
export interface KeptTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** Of the access token, in seconds since the epoch; null: the provider has not said. */
  readonly expiresAt: number | null;
  readonly scope: string | null;
  /** As whom Latchkey was known at the provider: they are good for nobody else, and are shown to nobody else. */
  readonly issuedTo: string;
}

/** Encrypts what providers have given, each bound to its identity. */
@Injectable()
export class IdentityTokenCipher {
  readonly keyName: string;
  private readonly logger = new Logger(IdentityTokenCipher.name);
  private readonly cipher: RowCipher;

  constructor(secrets: AppSecrets) {
    this.cipher = new RowCipher(secrets, 'identity-tokens');
    this.keyName = this.cipher.keyName;
  }

  encrypt(identityId: string, tokens: KeptTokens): Buffer {
    return this.cipher.encrypt(identityId, Buffer.from(JSON.stringify(tokens)));
  }

  /** Null, and a line in the log, when `APP_SECRETS` does not hold the secret that has encrypted them. */
  decrypt(identityId: string, encrypted: Buffer): KeptTokens | null {
    const decrypted = this.cipher.decrypt(identityId, encrypted);
    if (decrypted !== null) return JSON.parse(decrypted.bytes.toString()) as KeptTokens;
    this.logger.error(
      { identityId },
      'Tokens of a provider were encrypted with a secret that APP_SECRETS does not hold: add the former secret back at its end',
    );
    return null;
  }
}
