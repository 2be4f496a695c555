import type { AssuranceLevel } from '../../../access/assurance.js';
import { sessionAssurance } from '../../assurance/session-assurance.js';
import type { StoredSessionData } from '../session-data.js';
import type { SessionFamily } from '../store/session-family.js';

/**
 * The public client (RFC 6749 section 2.1) that sessions belong to: people sign in
 * here through the product's own apps.
 */
export const FIRST_PARTY_CLIENT_ID = 'latchkey';

/** What the tokens of a session at a client are limited to. */
export interface SessionGrant {
  /** Claim `scope`. */
  readonly scope: readonly string[];
  /** Claim `aud`; null: this API. */
  readonly audience: string | null;
}

/** What an access token says of the session, or of the client, that it is issued to. */
export interface TokenSubject {
  /** Claim `sid`. */
  readonly id: string;
  readonly userId: string;
  /** Claim `client_id`. */
  readonly clientId: string;
  /** Null: nothing limits them but what the user may do. */
  readonly grant: SessionGrant | null;
  /** When what `acr` rests on was last shown, in seconds since the epoch. */
  readonly authTime: number;
  /** What the user has shown (RFC 8176). */
  readonly amr: readonly string[];
  /** How sure it is who signed in; null for a client, which acts for itself. */
  readonly acr: AssuranceLevel | null;
  /** What features keep in the session. */
  readonly data: StoredSessionData;
  /** Raised by every change of it: claim `sv`. */
  readonly version: number;
  /** When the database last said that it was live, in milliseconds by the database's clock. */
  readonly seenLiveAtMilliseconds: number;
}

/** A session that has just been started or refreshed. */
export interface LiveSession extends TokenSubject {
  readonly acr: AssuranceLevel;
  /** When it ends unless it is refreshed: the nearer of the idle and the absolute limit. */
  readonly expiresAt: Date;
  /** The same in whole seconds from now, by the database's clock. */
  readonly refreshExpiresInSeconds: number;
}

/** A session and the one refresh token that continues it. */
export interface GrantedSession {
  readonly session: LiveSession;
  readonly refreshToken: string;
}

export function toLiveSession(family: SessionFamily): LiveSession {
  const {
    sessionId,
    userId,
    clientId,
    scope,
    audience,
    amr,
    factors,
    data,
    dataVersion,
    createdAtMilliseconds,
    endsAtMilliseconds,
    nowMilliseconds,
  } = family;
  return {
    id: sessionId,
    userId,
    clientId: clientId ?? FIRST_PARTY_CLIENT_ID,
    grant:
      scope === null ? null : { scope: scope.split(' ').filter((name) => name !== ''), audience },
    ...sessionAssurance(factors, amr, createdAtMilliseconds),
    data,
    version: dataVersion,
    seenLiveAtMilliseconds: nowMilliseconds,
    expiresAt: new Date(endsAtMilliseconds),
    refreshExpiresInSeconds: Math.floor((endsAtMilliseconds - nowMilliseconds) / 1000),
  };
}
