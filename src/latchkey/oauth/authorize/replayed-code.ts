import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { AUTHORIZATION_CODE, type CodeDetails } from './issue-code.js';

/** A code is shown again that has been redeemed. */
@Injectable()
export class ReplayedCode {
  constructor(
    private readonly secrets: OneTimeSecrets,
    private readonly revocations: Revocations,
    private readonly ender: SessionEnder,
  ) {}

  /**
   * Ends the session that it gave, access tokens included. Only at the word of whoever could have redeemed it: a code
   * alone, out of a log, ends nothing.
   */
  async end(code: string, binding: string, actor: Actor): Promise<void> {
    const consumed = await this.secrets.findConsumed(AUTHORIZATION_CODE, code, binding);
    if (consumed === null) return;
    const { gave } = consumed.details as unknown as CodeDetails;
    if (gave === undefined) return;
    await this.revocations.commit((transaction) =>
      this.ender.endOne(transaction, gave, { reason: 'code_replayed', actor }),
    );
  }
}
