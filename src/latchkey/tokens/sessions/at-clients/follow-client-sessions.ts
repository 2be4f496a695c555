import type { EntityManager } from 'typeorm';

/** A session at a client that has just begun. */
export interface BegunClientSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly clientId: string;
}

/**
 * Port: something that has to be known of every session at a client from its beginning. Provide a class that
 * extends it in any module.
 */
export abstract class FollowClientSessions {
  /** Called in the transaction that begins the session, which ends with it otherwise. */
  abstract begun(manager: EntityManager, session: BegunClientSession): Promise<void>;
}
