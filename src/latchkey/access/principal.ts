import type { AssuranceLevel, DemandableLevel } from './assurance.js';

/**
 * What a session would be given besides, by the level that it has to reach: names of roles and
 * permissions in one list, since no name of a role has a colon or a star (claim `step_up`).
 */
export type WithheldAuthority = Readonly<Partial<Record<DemandableLevel, readonly string[]>>>;

/** Whether a service calls, for itself: such a token's `sub` is its client (RFC 9068 section 2.2). */
export function isService({ userId, clientId }: Pick<Principal, 'userId' | 'clientId'>): boolean {
  return userId === clientId;
}

/**
 * Who is calling, as a verified access token says. Built from the claims alone: it is as old as
 * the token, and current only because revoked and stale tokens are refused.
 */
export interface Principal {
  /** Claim `sub`; of a token that a service acts with for itself, the client. */
  readonly userId: string;
  /** The session (= refresh-token family) that the token was issued to: claim `sid`. */
  readonly sessionId: string;
  readonly tokenId: string;
  readonly clientId: string;
  /** The key that signed the token: header `kid`. */
  readonly keyId: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  /** Roles that the user holds and that demand more than the session has shown: claim `withheld`. */
  readonly withheld: readonly string[];
  /** What stepping up would give: claim `step_up`. */
  readonly stepUp: WithheldAuthority;
  /**
   * When the user last showed what `acr` rests on, by signing in or by stepping up, in seconds since the
   * epoch: claim `auth_time`.
   */
  readonly authTime: number;
  /** What the user has shown in the session (RFC 8176): claim `amr`. */
  readonly authenticationMethods: readonly string[];
  /** How sure it is who signed in: claim `acr`. `aal1` for a service as well. */
  readonly acr: AssuranceLevel;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** The user's authorization version that the token was issued under: claim `uv`. */
  readonly userVersion: number;
  /** The version of what the session carries that the token was issued under: claim `sv`, or 0. */
  readonly sessionVersion: number;
  /** The version of the role definitions that the token was issued under: claim `rv`. */
  readonly rolesVersion: number;
  /** Every claim of the token, the extending team's own included. */
  readonly claims: Readonly<Record<string, unknown>>;
}
