import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { MailProofs } from '../mail/mail-proofs.js';
import { END_SESSIONS } from '../mail/notices.js';

/** What an owner does who reads in a notice of something that they have not done. */
@Injectable()
export class EndAllSessions {
  constructor(
    private readonly secrets: OneTimeSecrets,
    private readonly revocations: Revocations,
    private readonly ender: SessionEnder,
    private readonly proofs: MailProofs,
  ) {}

  /**
   * Ends every session of the account, and changes nothing else: whoever knows the password may sign
   * in again.
   *
   * @param token of the link of a notice
   * @throws LatchkeyError `auth.cross_site`, `throttle.too_many_requests`, `auth.proof_invalid`
   */
  async end(token: string, reply: FastifyReply): Promise<void> {
    const shown = await this.proofs.check(END_SESSIONS, { token }, reply);
    const { userId } = shown;
    if (userId === null) throw oneTimeErrors.proofInvalid();
    await this.revocations.commit(async (transaction) => {
      await this.secrets.consume(transaction.manager, shown);
      await this.ender.endAllOfUser(transaction, userId, {
        reason: 'logout_all',
        actor: actorOf(reply.request),
      });
    });
  }
}
