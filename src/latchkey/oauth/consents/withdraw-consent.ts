import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { ConsentStore } from './consent-store.js';
import { consentsErrors } from './consents.errors.js';

@Injectable()
export class WithdrawConsent {
  constructor(
    private readonly revocations: Revocations,
    private readonly store: ConsentStore,
    private readonly ender: SessionEnder,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Ends at once what the client holds of the user: its sessions, its refresh tokens, and its access tokens here
   * and at every service that verifies alone.
   *
   * @param note why somebody else than the user does it; kept in the audit trail
   * @throws LatchkeyError `consents.not_found`
   */
  async withdraw(userId: string, clientId: string, actor: Actor, note?: string): Promise<void> {
    await this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      // First: a code that is being redeemed has its row before it looks.
      const given = await this.store.delete(manager, userId, clientId);
      if (!given) throw consentsErrors.notFound();
      const reason = 'consent_withdrawn';
      const sessions = await this.ender.endMatching(
        transaction,
        { userId, clientId },
        { reason, actor },
      );
      await this.audit.record(manager, {
        action: 'consent.withdrawn',
        actor,
        target: { type: 'client', id: clientId },
        ...(note !== undefined && { reason: note }),
        details: { userId, sessions },
      });
    });
  }
}
