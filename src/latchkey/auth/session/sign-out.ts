import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import type { SessionCount } from '../../tokens/sessions/store/cutoff-store.js';
import { sessionsErrors } from '../../tokens/sessions/tokens.errors.js';
import type { NamedSession } from './sessions-of-request.js';

/** Ends a user's own sessions. */
@Injectable()
export class SignOut {
  constructor(
    private readonly revocations: Revocations,
    private readonly ender: SessionEnder,
  ) {}

  /** Ends a session by its owner's word; one that is over already stays as it is. */
  async end({ id, userId }: NamedSession, actor: Actor): Promise<void> {
    await this.endOwn(userId, id, { ...actor, userId, sessionId: id });
  }

  /** @throws LatchkeyError `sessions.not_found` for somebody else's session as for an unknown one */
  async endListed(userId: string, sessionId: string, actor: Actor): Promise<void> {
    const ended = await this.endOwn(userId, sessionId, actor);
    if (!ended) throw sessionsErrors.notFound();
  }

  /** @returns how many sessions ended, the caller's included */
  endAll(userId: string, actor: Actor): Promise<SessionCount> {
    return this.revocations.commit((transaction) =>
      this.ender.endAllOfUser(transaction, userId, { reason: 'logout_all', actor }),
    );
  }

  private endOwn(userId: string, sessionId: string, actor: Actor): Promise<boolean> {
    return this.revocations.commit((transaction) =>
      this.ender.endOne(transaction, sessionId, { reason: 'logout', actor, userId }),
    );
  }
}
