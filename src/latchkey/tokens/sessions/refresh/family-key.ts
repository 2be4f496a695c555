import { randomBytes } from 'node:crypto';

const FAMILY_KEY_BYTES = 32;

/** A family's own share of the key that its refresh tokens are made with. Prints as nothing. */
export class FamilyKey {
  readonly #bytes: Buffer;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  static generate(): FamilyKey {
    return new FamilyKey(randomBytes(FAMILY_KEY_BYTES));
  }

  static fromColumn(bytes: Buffer): FamilyKey {
    return new FamilyKey(bytes);
  }

  toColumn(): Buffer {
    return this.#bytes;
  }

  /** Neither share alone makes a token: not a copy of the database, not the server's secret. */
  joinedTo(serverKey: Buffer): Buffer {
    return Buffer.concat([serverKey, this.#bytes]);
  }
}
