import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppSecrets } from '../../../platform/config/app-secrets.js';
import { StartupError } from '../../../platform/errors/startup-error.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface Decrypted {
  readonly bytes: Buffer;
  /** Whether the newest of the server's secrets had encrypted it. */
  readonly byNewestSecret: boolean;
}

/**
 * Encrypts private keys for the database: AES-256-GCM under a key derived from the server's
 * newest secret, bound to the `kid`, so that one row's ciphertext cannot stand in for another's.
 */
@Injectable()
export class SigningKeyCipher {
  private readonly encryptionKeys: readonly [Buffer, ...Buffer[]];

  constructor(secrets: AppSecrets) {
    this.encryptionKeys = secrets.keysFor('signing-keys');
  }

  /** @returns initialisation vector, tag and ciphertext in one */
  encrypt(kid: string, bytes: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.encryptionKeys[0], iv).setAAD(Buffer.from(kid));
    const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
  }

  /** @throws StartupError when no listed server secret encrypted it */
  decrypt(kid: string, encrypted: Buffer): Decrypted {
    for (const [age, encryptionKey] of this.encryptionKeys.entries()) {
      const bytes = tryDecrypt(kid, encrypted, encryptionKey);
      if (bytes !== null) return { bytes, byNewestSecret: age === 0 };
    }
    throw new StartupError(
      'The signing key in the database was encrypted with a secret that APP_SECRETS does not hold: add the former secret back at its end.',
    );
  }
}

function tryDecrypt(kid: string, encrypted: Buffer, encryptionKey: Buffer): Buffer | null {
  const iv = encrypted.subarray(0, IV_BYTES);
  const tag = encrypted.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const ciphertext = encrypted.subarray(IV_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, encryptionKey, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(kid)).setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return null;
  }
}
