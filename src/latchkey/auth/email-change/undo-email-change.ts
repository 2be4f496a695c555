import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import { Revocations, type RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { AddressStore, AddressTaken } from '../../users/accounts/store/address-store.js';
import { CredentialStore } from '../../users/accounts/store/credential-store.js';
import { FactorStore } from '../../users/factors/factor-store.js';
import { IdentityStore } from '../../users/identities/identity-store.js';
import { MailProofs } from '../mail/mail-proofs.js';
import { Notices } from '../mail/notices.js';
import { RecoverAccount } from '../recovery/recover-account.js';
import { EMAIL_CHANGE_UNDO } from './email-change.purposes.js';

/** What the owner of the former mailbox does who has not changed the address. */
@Injectable()
export class UndoEmailChange {
  constructor(
    private readonly secrets: OneTimeSecrets,
    private readonly revocations: Revocations,
    private readonly addresses: AddressStore,
    private readonly credentials: CredentialStore,
    private readonly factors: FactorStore,
    private readonly identities: IdentityStore,
    private readonly ender: SessionEnder,
    private readonly recovery: RecoverAccount,
    private readonly notices: Notices,
    private readonly audit: AuditTrail,
    private readonly proofs: MailProofs,
  ) {}

  /**
   * Gives the account its former address back, whatever it was changed to since, ends every session, takes
   * the password away, which a thief must have known, and every passkey, identity and second factor that the account
   * did not have when the address was changed, and sends a mail by which the owner sets another password.
   * Later changes cannot be undone any more. Where passwords are not recovered by mail, it stays.
   *
   * @throws LatchkeyError `auth.cross_site`, `throttle.too_many_requests`, `auth.proof_invalid`
   */
  async undo(token: string, reply: FastifyReply): Promise<void> {
    const { request } = reply;
    const shown = await this.proofs.check(EMAIL_CHANGE_UNDO, { token }, reply);
    const { userId } = shown;
    if (userId === null) throw oneTimeErrors.proofInvalid();
    await this.revocations
      .commit((transaction) => this.undoIn(transaction, userId, shown, request))
      .catch((error: unknown) => {
        throw error instanceof AddressTaken ? oneTimeErrors.proofInvalid() : error;
      });
  }

  private async undoIn(
    transaction: RevokingTransaction,
    userId: string,
    shown: ShownSecret,
    request: FastifyRequest,
  ): Promise<void> {
    const { manager } = transaction;
    const actor = actorOf(request);
    const email = String(shown.details.formerEmail);
    await this.secrets.consume(manager, shown);
    await this.secrets.withdrawNewer(manager, shown);
    const taken = await this.addresses.replace(manager, userId, email);
    await this.factors.deleteOthers(manager, userId, shown.details.factors as string[]);
    const { identities } = shown.details;
    // Absent in what was issued before there were any.
    if (Array.isArray(identities)) await this.identities.deleteOthers(manager, userId, identities);
    const { recovers } = this.recovery;
    if (recovers) await this.credentials.clearPassword(manager, userId);
    const reason = recovers ? 'password_changed' : 'logout_all';
    await this.ender.endAllOfUser(transaction, userId, { reason, actor });
    await this.audit.record(manager, {
      action: 'user.email_change_undone',
      actor,
      target: { type: 'user', id: userId },
    });
    if (recovers) await this.recovery.beginIn(manager, { id: userId, email }, request);
    if (taken.email === email) return;
    await this.notices.put(manager, {
      notice: 'email-restored',
      account: { id: userId, email },
      actor,
      languages: request.headers['accept-language'],
      elsewhere: { to: taken.email, account: taken.email, name: null },
    });
  }
}
