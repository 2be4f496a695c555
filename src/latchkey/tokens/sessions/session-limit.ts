import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { takeLockOf } from '../../platform/database/advisory-locks.js';
import type { RevokingTransaction } from '../revocation/revocations.js';
import type { LiveSession } from './refresh/live-session.js';
import { SessionEnder } from './session-ender.js';
import { SessionStore } from './store/session-store.js';
import { TokensConfig } from './tokens.config.js';

/** How many sessions a user has at once, at most (OWASP ASVS 7.1.2). */
@Injectable()
export class SessionLimit {
  constructor(
    private readonly config: TokensConfig,
    private readonly store: SessionStore,
    private readonly ender: SessionEnder,
  ) {}

  /**
   * Ends the oldest sessions of a user until no more are left than may be, in the transaction that has
   * started another one: that one stays. Call it last there.
   */
  async enforce(
    transaction: RevokingTransaction,
    started: Pick<LiveSession, 'id' | 'userId'>,
    actor: Actor,
  ): Promise<void> {
    const most = this.config.sessionsPerUserMax;
    if (most === 0) return;
    const { userId } = started;
    // So that of several sign-ins at once each sees what those before it have left.
    await takeLockOf(transaction.manager, userId);
    for (const id of await this.store.findOldest(transaction.manager, started, most)) {
      await this.ender.endOne(transaction, id, {
        reason: 'session_limit',
        actor: { ...actor, userId },
      });
    }
  }
}
