import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { VerificationKey } from '../../../access/verification/verification-keys.js';
import { KID } from '../admin/kid.pipe.js';
import { SigningKeyStore } from './signing-key-store.js';

/**
 * Every key pair that has ever signed here, also once it verifies no access token any more: what
 * somebody was told a month ago can be known again. Looked up in the database each time.
 */
@Injectable()
export class IssuedKeys {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: SigningKeyStore,
  ) {}

  /** Null for what is no key of this deployment, and for one that has been revoked. */
  async find(kid: string): Promise<VerificationKey | null> {
    const found = KID.test(kid) ? await this.store.findPublic(this.dataSource.manager, kid) : null;
    if (found === null) return null;
    const { algorithm, publicJwk } = found;
    const key = createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' });
    return { kid, algorithm, key };
  }
}
