import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { AppSecrets } from './app-secrets.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface Decrypted {
  readonly bytes: Buffer;
  /** Whether the newest of the server's secrets had encrypted it. */
  readonly byNewestSecret: boolean;
}

/**
 * Encrypts what the database keeps and the server has to read again: AES-256-GCM under keys derived from
 * the server's secrets, the newest first. Each ciphertext is bound to its row, so that one cannot stand in
 * for another's.
 */
export class RowCipher {
  /** Of the newest key, which encrypts: it tells nothing of the key, and is another one for another key. */
  readonly keyName: string;
  private readonly keys: readonly [Buffer, ...Buffer[]];

  /** @param purpose a label that no other use of the secrets has */
  constructor(secrets: AppSecrets, purpose: string) {
    this.keys = secrets.keysFor(purpose);
    this.keyName = createHash('sha256').update(this.keys[0]).digest('hex').slice(0, 16);
  }

  /** @returns initialisation vector, tag and ciphertext in one */
  encrypt(row: string, bytes: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.keys[0], iv).setAAD(Buffer.from(row));
    const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
  }

  /** Null when no secret that the server has encrypted it for this row. */
  decrypt(row: string, encrypted: Buffer): Decrypted | null {
    for (const [age, key] of this.keys.entries()) {
      const bytes = tryDecrypt(row, encrypted, key);
      if (bytes !== null) return { bytes, byNewestSecret: age === 0 };
    }
    return null;
  }
}

function tryDecrypt(row: string, encrypted: Buffer, key: Buffer): Buffer | null {
  const iv = encrypted.subarray(0, IV_BYTES);
  const tag = encrypted.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const ciphertext = encrypted.subarray(IV_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(row)).setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return null;
  }
}
