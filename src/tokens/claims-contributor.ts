import type { AuthorizationFacts } from './authorization-facts.js';

/**
 * Adds claims of the extending team's own to every access token of a user. Provide one, in any module:
 * `{ provide: ClaimsContributor, useClass: TenantClaims }`. It runs at every sign-in and refresh.
 *
 * Anyone who holds a token can read its claims: contribute nothing personal and nothing large. A
 * claim that is itself reserved (`sub`, `exp`, `roles` …) makes the issue fail.
 */
export abstract class ClaimsContributor {
  abstract contribute(
    facts: AuthorizationFacts,
  ): Record<string, unknown> | Promise<Record<string, unknown>>;
}
