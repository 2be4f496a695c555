import type { EntityManager } from 'typeorm';
import type { TokenSubject } from '../sessions/refresh/live-session.js';
import type { AuthorizationFacts } from './access-token-claims.js';

/** The session that a token is issued to, and what features keep in it: see `defineSessionData`. */
export type SessionFacts = Pick<TokenSubject, 'id' | 'authTime' | 'amr' | 'acr' | 'data'>;

/**
 * Adds claims of the extending team's own to every access token of a user. Provide as many as you
 * like, in any module: Latchkey finds every provider that extends this class. They run at every
 * sign-in and refresh, one after the other: a refresh has a statement more for each that reads a table. When
 * what it reads has changed, `MakeStale` has the tokens issued so far refused, and refreshed. Anyone who holds a
 * token can read its claims: contribute nothing personal and nothing large.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class TenantClaims extends ClaimsContributor {
 *   readonly claims = ['tenant'];
 *   contribute(_: AuthorizationFacts, session: SessionFacts) {
 *     return { tenant: tenancy.of(session)?.tenant };
 *   }
 * }
 *
 * @Injectable()
 * export class InvoiceLimitClaims extends ClaimsContributor {
 *   readonly claims = ['invoice_limit'];
 *   async contribute({ userId }: AuthorizationFacts, _: SessionFacts, manager: EntityManager) {
 *     const limit = await manager.findOneBy(InvoiceLimit, { userId });
 *     return { invoice_limit: limit?.invoices ?? 10 };
 *   }
 * }
 * ```
 */
export abstract class ClaimsContributor {
  /**
   * The names of all that it may contribute. The start fails, and says which, when two contributors
   * name the same claim or one names a claim of Latchkey's own (`sub`, `exp`, `roles` …).
   */
  abstract readonly claims: readonly string[];

  /**
   * Values for some of those names. What it does not name is left out, and the log says so.
   *
   * @param manager what it reads tables by. A sign-in is in a transaction, which holds one connection: whoever takes
   *   another one there has many sign-ins at once wait for each other's.
   */
  abstract contribute(
    facts: AuthorizationFacts,
    session: SessionFacts,
    manager: EntityManager,
  ): Record<string, unknown> | Promise<Record<string, unknown>>;
}
