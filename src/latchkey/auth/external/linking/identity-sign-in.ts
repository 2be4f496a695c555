import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { actorOf } from '../../../audit/current-actor.decorator.js';
import { Clock } from '../../../platform/clock/clock.js';
import { defineFactor } from '../../../tokens/assurance/factor.js';
import { Users } from '../../../users/accounts/users.js';
import { type Identity, IdentityStore } from '../../../users/identities/identity-store.js';
import { IdentityTokenStore } from '../../../users/identities/identity-token-store.js';
import { authErrors } from '../../auth.errors.js';
import type { TokenResponse } from '../../session/session.dto.js';
import { CompleteSignIn } from '../../sign-in/complete-sign-in.js';
import type { Delivery } from '../../sign-in/sign-in.dto.js';
import { SignInFailures } from '../../sign-in/sign-in-failures.js';
import type { JudgedIdentity } from '../judged-identity.js';

/** A sign-in at a provider, however strong: RFC 8176 has no word for it, others write `fed`. */
export const EXTERNAL = defineFactor({ name: 'external', amr: ['fed'], role: 'first' });
/** One by two factors, where the settings say that the provider's word counts (`TRUST_AMR`). */
export const EXTERNAL_TWO_FACTORS = defineFactor({
  name: 'external_two_factors',
  amr: ['fed', 'mfa'],
  role: 'both',
});

/** How somebody who has come through a provider is answered. */
export interface ExternalDelivery {
  readonly delivery: Delivery;
  /** By the cookie of `ExternalCookie`. */
  readonly boundToBrowser: boolean;
  /** Makes what came from the provider worthless, in the transaction of what it brings about. */
  readonly consume?: (manager: EntityManager) => Promise<void>;
}

/** Signs in whoever has an identity that an account has. */
@Injectable()
export class IdentitySignIn {
  constructor(
    private readonly users: Users,
    private readonly identities: IdentityStore,
    private readonly tokens: IdentityTokenStore,
    private readonly failures: SignInFailures,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly completeSignIn: CompleteSignIn,
  ) {}

  /** @throws LatchkeyError what `CompleteSignIn.complete` throws */
  async signIn(
    reply: FastifyReply,
    known: Pick<Identity, 'id' | 'userId' | 'mayRaise'>,
    judged: JudgedIdentity,
    { consume: consumeShown, ...delivery }: ExternalDelivery,
  ): Promise<TokenResponse> {
    const actor = actorOf(reply.request);
    const account = await this.users.findAccountById(known.userId);
    if (account?.status !== 'active') {
      await this.failures.record(account, 'account_disabled', actor);
      throw authErrors.invalidCredentials();
    }
    const consume = async (manager: EntityManager) => {
      await consumeShown?.(manager);
      // The account first, as whoever removes the identity does.
      const unchanged = await this.users.lockForSignIn(manager, account);
      if (!unchanged || !(await this.identities.used(manager, known, judged)))
        throw authErrors.invalidCredentials();
      if (judged.tokens !== undefined) await this.tokens.keep(manager, known.id, judged.tokens);
      await this.audit.record(manager, {
        action: 'identity.signed_in',
        actor,
        target: { type: 'user', id: account.id },
        details: { identityId: known.id, provider: judged.provider },
      });
    };
    const factor = judged.twoFactors && known.mayRaise ? EXTERNAL_TWO_FACTORS : EXTERNAL;
    const factors = [{ ...factor.shown(known.id), ...this.timeOf(judged) }];
    return this.completeSignIn.complete(reply, { account, factors, consume, ...delivery });
  }

  /** A session that the provider has had for hours is no fresh sign-in; nor is any in the future. */
  private timeOf({ signedInAt }: JudgedIdentity): { readonly at?: number } {
    if (signedInAt === undefined) return {};
    return { at: Math.min(signedInAt, Math.floor(this.clock.now() / 1000)) };
  }
}
