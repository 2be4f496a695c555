import { Injectable, Logger } from '@nestjs/common';
import { SYSTEM } from '../../../audit/actor.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { LogContinuity } from '../../revocation/log/log-continuity.js';
import { RevocationLog } from '../../revocation/log/revocation-log.js';
import { RevocationConfig } from '../../revocation/revocation.config.js';
import { Revocations } from '../../revocation/revocations.js';
import { SessionCutoffs } from './session-cutoffs.js';

/**
 * Ends everything that was signed in when the database has gone back: sessions that had been ended since
 * the backup are alive in it, and nothing tells them from the others. One instance does it, however many
 * notice.
 */
@Injectable()
export class CutOffAfterRestore {
  private readonly logger = new Logger('Sessions');

  constructor(
    continuity: LogContinuity,
    private readonly log: RevocationLog,
    private readonly revocations: Revocations,
    private readonly cutoffs: SessionCutoffs,
    private readonly audit: AuditTrail,
    private readonly config: RevocationConfig,
  ) {
    continuity.onGoneBack = (beforeMilliseconds) => this.cutOff(beforeMilliseconds);
  }

  private async cutOff(beforeMilliseconds: number): Promise<void> {
    const ends = this.config.onRestore === 'end';
    const ended = await this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      if (!(await this.log.goOnFrom(manager, beforeMilliseconds))) return null;
      if (!ends) return 0;
      const reason = 'database_restored';
      const { count } = await this.cutoffs.end(transaction, {}, { reason, endedBy: null });
      await this.audit.record(manager, {
        action: 'sessions.revoked',
        actor: SYSTEM,
        reason: 'The database has gone back to an earlier moment.',
        details: { before: new Date(beforeMilliseconds).toISOString(), revoked: count },
      });
      return count;
    });
    if (ended === null) return;
    this.logger.error(
      ends
        ? `All ${ended} sessions have been ended, since some of them had been ended before the database went back.`
        : 'REVOCATION_ON_RESTORE=keep: sessions that had been ended since the backup are alive again.',
    );
  }
}
