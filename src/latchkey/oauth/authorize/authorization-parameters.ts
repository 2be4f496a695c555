import { AuthorizationRefusal } from './authorization-refusal.js';

/** Each of its values counts (RFC 8707 section 2). */
const REPEATABLE = 'resource';

/**
 * The parameters of an authorization request as they came (RFC 6749 section 3.1): nothing is believed yet. One that
 * has no value counts as none, one that is not known is ignored.
 */
export class AuthorizationParameters {
  constructor(private readonly given: URLSearchParams) {}

  /** @throws AuthorizationRefusal `invalid_request` when it is there twice */
  get(name: string): string | undefined {
    const values = this.given.getAll(name).filter((value) => value !== '');
    if (values.length > 1) {
      throw new AuthorizationRefusal('invalid_request', `${name} is there twice.`);
    }
    return values[0];
  }

  /** Whatever else is wrong: for an answer that says so. */
  first(name: string): string | undefined {
    return this.given.get(name) || undefined;
  }

  get resources(): string[] {
    return this.given.getAll(REPEATABLE).filter((value) => value !== '');
  }

  /** For carrying it on as it came. */
  get entries(): [string, string][] {
    return [...this.given.entries()];
  }
}
