import type { GrantedSession } from '../../tokens/sessions/refresh/live-session.js';
import type { UserProfile } from '../../users/accounts/user-profile.js';

/** What a sign-in or a refresh gives: both tokens, and whose they are. */
export interface GrantedAccess extends GrantedSession {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly user: UserProfile;
}
