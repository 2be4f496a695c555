import type { GrantedSession } from '../tokens/live-session.js';
import type { UserProfile } from '../users/user-profile.js';

/** What a sign-in or a refresh gives: both tokens, and whose they are. */
export interface GrantedAccess extends GrantedSession {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly user: UserProfile;
}
