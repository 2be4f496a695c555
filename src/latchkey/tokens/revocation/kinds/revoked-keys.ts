import type { Principal } from '../../../access/principal.js';
import type { Objection, RevocationIndex, RevocationKind } from './revocation-kind.js';

/**
 * A signing key may have been stolen: no token that it signed is good any more. The sessions go
 * on, so the tokens count as stale: a refresh replaces those that are genuine.
 */
export interface KeyRevocation {
  readonly kind: 'key';
  readonly keyId: string;
}

class RevokedKeys implements RevocationIndex<KeyRevocation> {
  private readonly keyIds = new Set<string>();

  get size(): number {
    return this.keyIds.size;
  }

  covers({ keyId }: KeyRevocation): boolean {
    return this.keyIds.has(keyId);
  }

  add({ keyId }: KeyRevocation): void {
    this.keyIds.add(keyId);
  }

  objectionTo({ keyId }: Principal): Objection {
    return this.keyIds.has(keyId) ? 'stale' : undefined;
  }
}

export const keyKind: RevocationKind<KeyRevocation> = {
  write: ({ keyId }) => ({ subject: keyId, version: null }),
  read: ({ subject }) => ({ kind: 'key', keyId: subject }),
  createIndex: () => new RevokedKeys(),
};
