import type { LiveSecret } from './live-secret.js';
import type { OneTimePurpose } from './one-time-purpose.js';

/** A secret that somebody has shown and that was good then. Only `OneTimeSecrets.check` makes one. */
export class ShownSecret {
  readonly #purpose: OneTimePurpose;
  readonly #row: LiveSecret;

  private constructor(purpose: OneTimePurpose, row: LiveSecret) {
    this.#purpose = purpose;
    this.#row = row;
  }

  /** The account that it is about; null when it is about none. */
  get userId(): string | null {
    return this.#row.userId;
  }

  /** The session that it was issued in; null: in none. */
  get sessionId(): string | null {
    return this.#row.sessionId;
  }

  /** What was said when it was issued. */
  get details(): Readonly<Record<string, unknown>> {
    return this.#row.details;
  }

  static of(purpose: OneTimePurpose, row: LiveSecret): ShownSecret {
    return new ShownSecret(purpose, row);
  }

  static partsOf(shown: ShownSecret): { purpose: OneTimePurpose; row: LiveSecret } {
    return { purpose: shown.#purpose, row: shown.#row };
  }
}
