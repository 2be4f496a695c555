import type { PasswordOwner } from './guessable-words.js';

/**
 * A rule of the extending team's own about new passwords: a service that knows breached ones, say.
 * Extend it, and provide the class in any module: `providers: [BreachedPasswords]`. There may be
 * several. They are asked, all at once, about every password that the built-in rules let pass:
 * on registering, on changing a password, and for admins.
 */
export abstract class PasswordRule {
  /** How long an answer may take. */
  readonly timeoutMilliseconds: number = 2_000;

  /**
   * What becomes of a password when the rule throws or takes too long, which is logged either way.
   * `accept`, the default: an outage of somebody else's service does not keep people from
   * registering. `refuse`: 503 `passwords.check_unavailable`.
   */
  readonly whenUnable: 'accept' | 'refuse' = 'accept';

  /**
   * @param password normalized (NFKC), as it will be hashed: never log it or send it anywhere whole
   * @param signal aborts when the time is up
   * @returns what is wrong, to follow the name of the field and without the password in it:
   *   `must not be known from a breach`; undefined when nothing is
   */
  abstract check(
    password: string,
    owner: PasswordOwner,
    signal: AbortSignal,
  ): string | undefined | Promise<string | undefined>;
}
