import type { SessionFamily } from './session-family.js';

/** What an access token says of its session. */
export interface TokenSubject {
  /** Claim `sid`. */
  readonly id: string;
  readonly userId: string;
  /** When the user signed in, in seconds since the epoch. */
  readonly authTime: number;
  /** How the user signed in (RFC 8176). */
  readonly amr: readonly string[];
  /** When the database last said that it was live, in milliseconds by the database's clock. */
  readonly seenLiveAtMs: number;
}

/** A session that has just been started or refreshed. */
export interface LiveSession extends TokenSubject {
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
  const { sessionId, userId, amr, createdAtMs, endsAtMs, nowMs } = family;
  return {
    id: sessionId,
    userId,
    authTime: Math.floor(createdAtMs / 1000),
    amr,
    seenLiveAtMs: nowMs,
    expiresAt: new Date(endsAtMs),
    refreshExpiresInSeconds: Math.floor((endsAtMs - nowMs) / 1000),
  };
}
