import type { Objection, RevocationIndex, RevocationKind } from './revocation-kind.js';

/**
 * A signing key has been published. It revokes nothing: it travels with the revocations because
 * it has to reach the same instances as fast and as surely.
 */
export interface KeyPublication {
  readonly kind: 'key-published';
  readonly keyId: string;
}

class PublishedKeys implements RevocationIndex<KeyPublication> {
  private readonly keyIds = new Set<string>();

  get size(): number {
    return this.keyIds.size;
  }

  covers({ keyId }: KeyPublication): boolean {
    return this.keyIds.has(keyId);
  }

  add({ keyId }: KeyPublication): void {
    this.keyIds.add(keyId);
  }

  objectionTo(): Objection {
    return undefined;
  }
}

export const keyPublishedKind: RevocationKind<KeyPublication> = {
  write: ({ keyId }) => ({ subject: keyId, version: null }),
  read: ({ subject }) => ({ kind: 'key-published', keyId: subject }),
  createIndex: () => new PublishedKeys(),
};
