import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Revocations, type RevokingTransaction } from '../revocation/revocations.js';
import { mergeSessionData, type NamedSessionData } from './session-data.js';
import { SessionDataStore } from './store/session-data-store.js';
import { sessionsErrors } from './tokens.errors.js';

type SessionOfCaller = Pick<Principal, 'sessionId' | 'userId'>;

/**
 * Changes what a session carries of a feature's own. When it resolves, older access tokens of the session
 * (of this one alone) are refused here with 401 `access.token_stale`, elsewhere within milliseconds;
 * clients refresh, and `ClaimsContributor`s are asked again. No session ends.
 *
 * @example
 * ```ts
 * @Post('tenant')
 * async change(@CurrentUser() user: Principal, @Body() { tenant }: ChangeTenantBody) {
 *   await this.tenants.requireMember(tenant, user.userId);
 *   await this.sessionData.set(user, tenancy.with({ tenant }));
 * }
 * ```
 */
@Injectable()
export class SetSessionData {
  constructor(
    private readonly revocations: Revocations,
    private readonly store: SessionDataStore,
  ) {}

  /**
   * @param session of the caller, or any other with its user
   * @throws LatchkeyError `sessions.not_found` when the user has no such live session,
   *   `sessions.data_unfit`
   */
  set(session: SessionOfCaller, ...changes: readonly NamedSessionData[]): Promise<void> {
    return this.revocations.commit((transaction) => this.setIn(transaction, session, ...changes));
  }

  /** The same with the change that causes it: both are there, or neither. */
  async setIn(
    transaction: RevokingTransaction,
    { sessionId, userId }: SessionOfCaller,
    ...changes: readonly NamedSessionData[]
  ): Promise<void> {
    const { manager } = transaction;
    const present = await this.store.lock(manager, sessionId, userId);
    if (present === null) throw sessionsErrors.notFound();
    const merged = mergeSessionData(present, changes);
    const version = await this.store.replace(manager, sessionId, merged);
    if (version !== null) transaction.revoke({ kind: 'session-version', sessionId, version });
  }
}
