import type { Moment } from '../platform/clock/clock.js';
import type { Principal } from './principal.js';

/**
 * - `live`: nothing is known against the token.
 * - `revoked`: its session is over.
 * - `stale`: what its user may do has changed since it was issued, or its key has been revoked;
 *   the session goes on, and a refresh brings a token that is good.
 * - `unknown`: the list has not heard from its sources for too long to say.
 */
export type RevocationVerdict = 'live' | 'revoked' | 'stale' | 'unknown';

/**
 * What the guard asks on every request. An implementation answers from memory: synchronously,
 * in about a microsecond, with no SQL and no Redis command.
 */
export abstract class RevocationList {
  /** @param moment of asking */
  abstract verdict(principal: Principal, moment: Moment): RevocationVerdict;
}
