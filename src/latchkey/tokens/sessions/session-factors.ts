import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Factor, ShownFactor } from '../assurance/factor.js';
import { toShown } from '../assurance/session-assurance.js';
import type { RevokingTransaction } from '../revocation/revocations.js';
import { type LiveSession, toLiveSession } from './refresh/live-session.js';
import { SessionFactorStore, type WithdrawnFactor } from './store/session-factor-store.js';

/** What has been shown in a session, after it began. */
@Injectable()
export class SessionFactors {
  constructor(private readonly store: SessionFactorStore) {}

  /**
   * Keeps that a factor has been shown in a live session, now.
   *
   * @returns the session as it is then; null when the user has no such live session
   */
  async show(
    manager: EntityManager,
    { sessionId, userId }: { readonly sessionId: string; readonly userId: string },
    shown: ShownFactor,
  ): Promise<LiveSession | null> {
    const family = await this.store.show(manager, sessionId, userId, shown);
    return family === null ? null : toLiveSession(family);
  }

  /** What has been shown in it, for what takes its place: as far as this process knows the factors. */
  async shownIn(manager: EntityManager, sessionId: string): Promise<ShownFactor[]> {
    return toShown((await this.store.find(manager, sessionId)) ?? {});
  }

  /**
   * Lets the user's sessions fall back that a factor has raised: it has been removed. Their older access
   * tokens are stale everywhere; nobody is signed out.
   *
   * @param id of the one that was removed, where an account can have several of the kind
   */
  withdraw(
    transaction: RevokingTransaction,
    userId: string,
    factor: Factor,
    id?: string,
  ): Promise<void> {
    return this.withdrawAs(transaction, userId, factor, { id });
  }

  /** The same of all sessions of the user but one. */
  withdrawElsewhere(
    transaction: RevokingTransaction,
    { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
    factor: Factor,
  ): Promise<void> {
    return this.withdrawAs(transaction, userId, factor, { exceptSession: sessionId });
  }

  private async withdrawAs(
    transaction: RevokingTransaction,
    userId: string,
    factor: Factor,
    withdrawn: WithdrawnFactor,
  ): Promise<void> {
    const { manager } = transaction;
    const fallen = await this.store.withdraw(manager, userId, factor, withdrawn);
    for (const { sessionId, version } of fallen) {
      transaction.revoke({ kind: 'session-version', sessionId, version });
    }
  }
}
