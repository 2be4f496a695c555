import type { EntityManager } from 'typeorm';

/**
 * Port: a way to sign in besides password, passkey and mail, such as an identity at another provider or a
 * method of your own. Extend it and provide it in any module: an account that has one may lose its last
 * passkey, and Latchkey takes no other from it without which nobody could sign in.
 */
export abstract class WayIn {
  /** How many of it the account can be signed in to by now. */
  abstract countFor(manager: EntityManager, userId: string): Promise<number>;
}
