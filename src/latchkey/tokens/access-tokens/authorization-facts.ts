/** What a user may do, read in one snapshot: what an access token says about its user. */
export interface AuthorizationFacts {
  readonly userId: string;
  readonly roles: string[];
  readonly permissions: string[];
  /** Raised by every change of the user's roles: claim `uv`. */
  readonly userVersion: number;
  /** Raised by every change of what a role permits: claim `rv`. */
  readonly rolesVersion: number;
}
