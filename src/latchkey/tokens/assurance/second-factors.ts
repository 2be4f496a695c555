import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import type { Factor, ShownFactor } from './factor.js';

/** One way to show a factor, as clients name it: `totp`, `recovery_code`, `passkey`. */
export interface FactorMethod {
  readonly method: string;
  readonly factor: Factor;
}

/** What somebody shows for an account, of which nothing is believed yet. */
export interface FactorAttempt {
  readonly userId: string;
  /** Who shows it, and from where. */
  readonly actor: Actor;
  readonly method: string;
  readonly code?: string;
  /** A response of WebAuthn, as the browser gave it. */
  readonly credential?: Readonly<Record<string, unknown>>;
}

/** A factor that has been found right, and has not had its effect. */
export interface JudgedFactor {
  readonly shown: ShownFactor;
  /**
   * Makes what was shown worthless, in the transaction of its effect.
   *
   * @returns false when another request was first: the transaction is rolled back then
   */
  consume(manager: EntityManager): Promise<boolean>;
}

/**
 * Port: a kind of factor that accounts have besides what they sign in by. Extend it and provide it in any
 * module: `CompleteSignIn` asks for the factor on every way in that is not `aal2` already, and
 * `POST /auth/step-up` takes it.
 *
 * Before you add a factor to an account, call `AccountStates.lock(manager, userId)`, as every sign-in does:
 * then no sign-in that has begun before comes through without it. After you have removed one, call
 * `SessionFactors.withdraw`.
 */
export abstract class SecondFactors {
  /** Two that name the same method end the start. */
  abstract readonly methods: readonly FactorMethod[];

  /** Those of its methods that the account can show now. */
  abstract usableBy(manager: EntityManager, userId: string): Promise<readonly string[]>;

  /**
   * Whether this is the account's. Attempts are limited before they come here; what has to stay counted
   * although the request fails is written by the port itself.
   *
   * @returns null when it is not
   */
  abstract judge(attempt: FactorAttempt): Promise<JudgedFactor | null>;

  /**
   * Removes what the account has of it: an admin resets the factors, or the mailbox is proved for the first
   * time, and a stranger may have added them. The account's row is locked, and its sessions end.
   */
  abstract removeAll(manager: EntityManager, userId: string): Promise<void>;
}
