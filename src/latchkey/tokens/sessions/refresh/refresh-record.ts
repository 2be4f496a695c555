import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../../../audit/actor.js';
import { addressBlock } from '../../../audit/address-block.js';
import type { Anomaly } from '../../../audit/anomalies.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { softwareOf } from '../../../audit/software-of.js';
import type { SessionFamily } from '../store/session-family.js';

const ELSEWHERE: Anomaly = 'refresh_elsewhere';

/**
 * What goes on record of refreshes that succeed: lost answers, and callers who keep in step with
 * the one that rotates. At most once an hour a session, however often they come.
 */
@Injectable()
export class RefreshRecord {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * A superseded token was answered with the current one. Nothing to record where it comes from the
   * address block and the software of the rotation, as parallel calls and retries do.
   */
  async repeated(family: SessionFamily, actor: Actor): Promise<void> {
    if (!isElsewhere(family, actor)) return;
    await this.dataSource.transaction((manager) =>
      this.audit.recordOnceAnHour(manager, {
        action: 'session.refresh_repeated',
        actor,
        ...aboutOf(family),
        anomalies: [ELSEWHERE],
      }),
    );
  }

  /**
   * A lost answer is given again.
   *
   * @param before the family as it was when the token was presented
   */
  async recovered(manager: EntityManager, before: SessionFamily, actor: Actor): Promise<void> {
    await this.audit.recordOnceAnHour(manager, {
      action: 'session.refresh_recovered',
      actor,
      ...aboutOf(before),
      anomalies: isElsewhere(before, actor) ? [ELSEWHERE] : [],
    });
  }
}

function isElsewhere({ lastIp, lastUserAgent }: SessionFamily, { ip, userAgent }: Actor): boolean {
  return (
    addressBlock(ip) !== addressBlock(lastIp) || softwareOf(userAgent) !== softwareOf(lastUserAgent)
  );
}

/** The session, and the other side: the client that rotated it last. */
function aboutOf({ sessionId, userId, lastIp, lastUserAgent }: SessionFamily) {
  return {
    target: { type: 'session', id: sessionId },
    details: { userId, lastIp, lastUserAgent },
  } as const;
}
