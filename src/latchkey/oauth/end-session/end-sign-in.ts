import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { SsoBrowser } from '../../auth/session/sso-browser.js';
import { TokenDelivery } from '../../auth/session/token-delivery.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { Users } from '../../users/accounts/users.js';
import type { SignOutRequest } from './sign-out-request.js';

/** Whom a browser would sign out. */
export interface SignedInHere {
  readonly email: string;
  /** The app has asked for somebody else to be signed out. */
  readonly isAnother: boolean;
}

/** Signs a browser out at an app's word, once the person has said yes. */
@Injectable()
export class EndSignIn {
  constructor(
    private readonly browser: SsoBrowser,
    private readonly delivery: TokenDelivery,
    private readonly users: Users,
    private readonly revocations: Revocations,
    private readonly ender: SessionEnder,
  ) {}

  /** Null where nobody is signed in, or not any more. */
  async whoIsHere(
    request: FastifyReply['request'],
    { hint }: Pick<SignOutRequest, 'hint'>,
  ): Promise<SignedInHere | null> {
    const session = await this.browser.find(request);
    const current = session && (await this.users.findFacts(session.userId));
    if (!session || !current) return null;
    const isAnother = hint !== null && hint.userId !== session.userId;
    return { email: current.user.email, isAnother };
  }

  /**
   * Ends the session of the sign-in that the browser's cookie names, with those at every client; and that of
   * the hint, if it is the same person's from an earlier sign-in. Does nothing where nobody is signed in: an ID
   * token alone, which may be out of a log, ends nothing.
   */
  async end(reply: FastifyReply, { hint }: Pick<SignOutRequest, 'hint'>): Promise<void> {
    const session = await this.browser.find(reply.request);
    if (session === null) return;
    const { id, userId } = session;
    const actor = { ...actorOf(reply.request), userId, sessionId: id };
    await this.revocations.commit(async (transaction) => {
      for (const sessionId of new Set([id, hint?.sessionId ?? id])) {
        await this.ender.endOne(transaction, sessionId, { reason: 'logout', actor, userId });
      }
    });
    this.delivery.clear(reply);
  }
}
