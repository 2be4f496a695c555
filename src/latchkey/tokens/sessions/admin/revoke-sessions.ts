import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../../audit/actor.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { requestErrors } from '../../../platform/errors/request.errors.js';
import { Revocations, type RevokingTransaction } from '../../revocation/revocations.js';
import { type CutoffRequest, SessionCutoffs } from '../cutoffs/session-cutoffs.js';
import { SessionEnder } from '../session-ender.js';
import type { RevokedByFilter } from '../sessions.dto.js';
import type { SessionCount } from '../store/cutoff-store.js';
import { SessionStore } from '../store/session-store.js';
import type { RevokeSessionsBody, SessionFilterBody } from './session-requests.dto.js';

/**
 * Ends the sessions that a filter selects, the caller's own among them like any other.
 *
 * All sessions, those of one user, and either of them before a moment, end by a cutoff: in a time
 * that does not depend on their number. Any other filter ends row by row what is there when it
 * runs.
 */
@Injectable()
export class RevokeSessions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly store: SessionStore,
    private readonly cutoffs: SessionCutoffs,
    private readonly ender: SessionEnder,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * One transaction and one audit event; a dry run changes and records nothing.
   *
   * @throws LatchkeyError `request.invalid` when the filter names nothing, or `all` and something
   *   else
   */
  async revoke(body: RevokeSessionsBody, actor: Actor): Promise<RevokedByFilter> {
    requireDecided(body.filter);
    const { count, estimated } = body.dryRun
      ? await this.preview(body.filter)
      : await this.end(body, actor);
    return { matched: count, revoked: body.dryRun ? 0 : count, ...(estimated && { estimated }) };
  }

  private async preview(filter: SessionFilterBody): Promise<SessionCount> {
    const { manager } = this.dataSource;
    const cutoff = asCutoff(filter);
    if (cutoff !== null) return this.cutoffs.preview(manager, cutoff);
    return { count: await this.store.countLive(manager, filter), estimated: false };
  }

  private end({ filter, reason }: RevokeSessionsBody, actor: Actor): Promise<SessionCount> {
    return this.revocations.commit(async (transaction) => {
      const ended = await this.endSelected(transaction, filter, actor);
      await this.audit.record(transaction.manager, {
        action: 'sessions.revoked',
        actor,
        ...(filter.userId !== undefined && { target: { type: 'user', id: filter.userId } }),
        reason,
        details: {
          filter,
          revoked: ended.count,
          ...(ended.estimated && { estimated: true }),
        },
      });
      return ended;
    });
  }

  private async endSelected(
    transaction: RevokingTransaction,
    filter: SessionFilterBody,
    actor: Actor,
  ): Promise<SessionCount> {
    const reason = 'admin';
    const cutoff = asCutoff(filter);
    if (cutoff !== null) {
      return this.cutoffs.end(transaction, cutoff, { reason, endedBy: actor.userId });
    }
    const count = await this.ender.endMatching(transaction, filter, { reason, actor });
    return { count, estimated: false };
  }
}

function requireDecided({ all, ...conditions }: SessionFilterBody): void {
  const given = Object.values(conditions).some((condition) => condition !== undefined);
  if (given !== (all === true)) return;
  const message = given
    ? 'filter.all stands for everyone: leave it out, or leave out the other conditions'
    : 'filter must give a condition; to end every session say all: true';
  throw requestErrors.invalid({ fields: [{ field: given ? 'filter.all' : 'filter', message }] });
}

/** The cutoff that ends exactly what the filter selects; null when none does. */
function asCutoff(filter: SessionFilterBody): CutoffRequest | null {
  const { role, ip, userAgent, userId, createdBefore } = filter;
  if (role !== undefined || ip !== undefined || userAgent !== undefined) return null;
  return {
    ...(userId !== undefined && { userId }),
    ...(createdBefore !== undefined && { beforeMilliseconds: Date.parse(createdBefore) }),
  };
}
