import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstSessionIdAfter, momentOfSession } from '../../revocation/kinds/session-moment.js';
import type { RevokingTransaction } from '../../revocation/revocations.js';
import type { SessionEndReason } from '../session-end-reason.js';
import {
  type CutoffState,
  CutoffStore,
  NO_SESSIONS,
  type SessionCount,
} from '../store/cutoff-store.js';
import { EVERYONE } from '../store/session-sql.js';
import { type Cutoff, raiseCutoff } from './cutoff-rule.js';

export type CutoffReason = Exclude<SessionEndReason, 'logout' | 'refresh_reused' | 'expired'>;

/** Whose sessions are to end, and which of them. */
export interface CutoffRequest {
  /** Absent: everyone. */
  readonly userId?: string;
  /** Milliseconds since the epoch: sessions that began before. Absent: all that have begun. */
  readonly beforeMilliseconds?: number;
  /** A session of the user that goes on, if it is still alive. */
  readonly except?: string;
}

/** Further ahead than a clock was ever set back: an id that is no id of ours. */
const MAX_CLOCK_STEP_MS = 86_400_000;

/**
 * Ends all sessions of a user, or of everyone, that began by a moment: one row and one entry of
 * the revocation log, however many they are.
 *
 * Why no interleaving lets a session slip through or brings one back:
 * docs/adr/0007-cutoffs.md.
 */
@Injectable()
export class SessionCutoffs {
  constructor(private readonly store: CutoffStore) {}

  /**
   * Raises the cutoff in the caller's transaction and revokes the access tokens with it.
   *
   * @returns how many live sessions it ended
   */
  async end(
    transaction: RevokingTransaction,
    request: CutoffRequest,
    { reason, endedBy }: { reason: CutoffReason; endedBy: string | null },
  ): Promise<SessionCount> {
    if (request.userId === EVERYONE) return NO_SESSIONS;
    const { manager } = transaction;
    const present = await this.store.lock(manager, request.userId ?? EVERYONE, reason);
    const next = raiseCutoff(present, await this.wanted(manager, present, request));
    if (next === present) return NO_SESSIONS;
    const count = await this.count(manager, present, next);
    const { momentMilliseconds, exemptSessionId } = next;
    const raised = { momentMilliseconds, exemptSessionId, reason, decidedBy: endedBy };
    await this.store.raise(manager, present.userId, raised);
    transaction.revoke(
      request.userId === undefined
        ? { kind: 'global-cutoff', momentMilliseconds }
        : { kind: 'user-cutoff', userId: present.userId, momentMilliseconds, exemptSessionId },
    );
    return count;
  }

  /** How many live sessions `end` would end now. Changes nothing. */
  async preview(manager: EntityManager, request: CutoffRequest): Promise<SessionCount> {
    if (request.userId === EVERYONE) return NO_SESSIONS;
    const present = await this.store.read(manager, request.userId ?? EVERYONE);
    const next = raiseCutoff(present, await this.wanted(manager, present, request));
    return next === present ? NO_SESSIONS : this.count(manager, present, next);
  }

  private async wanted(
    manager: EntityManager,
    { userId, nowMilliseconds }: CutoffState,
    { beforeMilliseconds, except }: CutoffRequest,
  ): Promise<Cutoff> {
    const exemptSessionId = except ?? null;
    // A session that has not begun yet is not ended.
    if (beforeMilliseconds !== undefined) {
      return {
        momentMilliseconds: Math.max(0, Math.min(beforeMilliseconds - 1, nowMilliseconds)),
        exemptSessionId,
      };
    }
    // A session can be newer than now when the database's clock has been set back.
    const newest = await this.store.findNewestSession(manager, userId);
    const newestMilliseconds = newest === null ? 0 : momentOfSession(newest);
    const latestMilliseconds = Math.min(newestMilliseconds, nowMilliseconds + MAX_CLOCK_STEP_MS);
    return { momentMilliseconds: Math.max(nowMilliseconds, latestMilliseconds), exemptSessionId };
  }

  private count(
    manager: EntityManager,
    { userId, ...present }: CutoffState,
    next: Cutoff,
  ): Promise<SessionCount> {
    const all = present.exemptSessionId === null;
    return this.store.count(manager, {
      userId,
      fromId: firstSessionIdAfter(all ? present.momentMilliseconds : 0),
      firstLiveId: firstSessionIdAfter(next.momentMilliseconds),
      exemptSessionId: next.exemptSessionId,
    });
  }
}
