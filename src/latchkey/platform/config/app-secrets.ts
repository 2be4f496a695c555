import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Global, Injectable, Module } from '@nestjs/common';
import { SecretsConfig } from './secrets.config.js';

/** Where a first start keeps what it made for itself: the embedded database and its secrets. */
export const DATA_DIRECTORY = '.latchkey';

/**
 * The server's secrets. Nothing uses one of them directly: every purpose has keys of its own,
 * derived by HKDF-SHA-256 (RFC 5869), so that no use can weaken another.
 */
@Injectable()
export class AppSecrets {
  private readonly secrets: readonly string[];

  constructor(config: SecretsConfig) {
    this.secrets = config.appSecrets.length > 0 ? config.appSecrets : [developmentSecret()];
  }

  /**
   * The 32-byte keys of a purpose, newest first: make with the first, accept any.
   *
   * @param purpose a label that no other purpose uses
   */
  keysFor(purpose: string): [Buffer, ...Buffer[]] {
    const keys = this.secrets.map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, '', `latchkey/${purpose}`, 32)),
    );
    return keys as [Buffer, ...Buffer[]];
  }
}

/** Generated on the first start outside production and kept, so that sessions outlive restarts. */
function developmentSecret(): string {
  const file = join(DATA_DIRECTORY, 'app-secret');
  mkdirSync(DATA_DIRECTORY, { recursive: true });
  try {
    writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}

@Global()
@Module({ providers: [AppSecrets], exports: [AppSecrets] })
export class AppSecretsModule {}
