import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import type { Principal } from '../../../access/principal.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { actorOf } from '../../../audit/current-actor.decorator.js';
import type { LatchkeyError } from '../../../platform/errors/latchkey-error.js';
import { Mailer } from '../../../platform/mail/mailer.js';
import { oneTimeErrors } from '../../../tokens/one-time/one-time.errors.js';
import { defineOneTimePurpose } from '../../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../../tokens/one-time/proof-judge.js';
import type { ShownSecret } from '../../../tokens/one-time/shown-secret.js';
import { Revocations, type RevokingTransaction } from '../../../tokens/revocation/revocations.js';
import type { SignInAccount } from '../../../users/accounts/sign-in-account.js';
import { Users } from '../../../users/accounts/users.js';
import { VerifyEmail } from '../../../users/accounts/verify-email.js';
import type { Identity } from '../../../users/identities/identity-store.js';
import { MailProofs } from '../../mail/mail-proofs.js';
import { type MailFlow, MailRequests } from '../../mail/mail-requests.js';
import { SameSite } from '../../session/same-site.js';
import type { TokenResponse } from '../../session/session.dto.js';
import type { Delivery } from '../../sign-in/sign-in.dto.js';
import { RegisteringBrowser } from '../../verification/registering-browser.js';
import { externalErrors } from '../external.errors.js';
import { ExternalCookie } from '../external-cookies.js';
import type { JudgedIdentity } from '../judged-identity.js';
import { type ExternalDelivery, IdentitySignIn } from './identity-sign-in.js';
import { LinkIdentity, raises } from './link-identity.js';

/** Dead once the account has another address or password. */
export const IDENTITY_PROOF = defineOneTimePurpose({
  name: 'identity-proof',
  lifetimeSeconds: 600,
  diesWith: ['address', 'password'],
  anybodyMayAsk: true,
});

const IDENTITY_PROOF_FLOW: MailFlow = {
  purpose: IDENTITY_PROOF,
  mail: 'identity-proof',
  action: 'identity.proof_requested',
};

/** What a client shows of the mail: with a link its ticket, unless it is the browser that asked. */
export interface ShownProof {
  readonly proof: Proof;
  readonly ticket?: string;
  readonly delivery: Delivery;
}

/**
 * Links an identity to an account whose address the provider has named, once its owner has shown who they
 * are: by the mailbox, or by a sign-in of another kind. Both count where the sign-in at the provider was made,
 * and nowhere else: a stranger who has a mail sent to the owner gains nothing when the owner follows it.
 */
@Injectable()
export class ProveOwner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly mailer: Mailer,
    private readonly requests: MailRequests,
    private readonly proofs: MailProofs,
    private readonly secrets: OneTimeSecrets,
    private readonly users: Users,
    private readonly verifyEmail: VerifyEmail,
    private readonly browser: RegisteringBrowser,
    private readonly cookie: ExternalCookie,
    private readonly links: LinkIdentity,
    private readonly identitySignIn: IdentitySignIn,
    private readonly sameSite: SameSite,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Writes to the mailbox of the account as it is stored, if there is an active one. Answer and work are the
   * same where there is none.
   *
   * @returns what says to the client how to go on
   * @throws LatchkeyError `throttle.too_many_requests`
   */
  async begin(
    reply: FastifyReply,
    identity: JudgedIdentity,
    whom: { readonly account: SignInAccount | null; readonly email: string },
    { boundToBrowser, consume }: ExternalDelivery,
  ): Promise<LatchkeyError> {
    const { request } = reply;
    await this.requests.admit(reply);
    const { lifetimeSeconds } = IDENTITY_PROOF;
    const boundTo = boundToBrowser ? this.cookie.mark(reply, lifetimeSeconds) : undefined;
    const { issuer, subject, provider, twoFactors } = identity;
    const details = { issuer, subject, provider, twoFactors, isBound: boundToBrowser };
    const issuing = { boundTo, details };
    const issued = await this.dataSource.transaction(async (manager) => {
      const flow = IDENTITY_PROOF_FLOW;
      await consume?.(manager);
      const issued = await this.requests.send(manager, flow, whom, request, issuing);
      await this.audit.record(manager, {
        action: flow.action,
        actor: actorOf(request),
        details: { provider },
        ...(whom.account !== null && { target: { type: 'user' as const, id: whom.account.id } }),
      });
      return issued;
    });
    const { ticket, expiresInSeconds: expiresIn } = issued;
    const methods = this.mailer.available ? ['mail', 'sign_in'] : ['sign_in'];
    return externalErrors.proofRequired({ members: { ticket, methods, expiresIn } });
  }

  /**
   * By what the mail holds: links the identity, and signs in. An account whose address had not been proved
   * loses what a stranger may have given it.
   *
   * @throws LatchkeyError `auth.cross_site`, `throttle.too_many_requests`, `auth.proof_invalid`,
   *   `identities.taken`, `identities.too_many`, and what `CompleteSignIn.complete` throws
   */
  async complete(
    reply: FastifyReply,
    { proof, ticket, delivery }: ShownProof,
  ): Promise<TokenResponse> {
    const { request } = reply;
    const nonce = this.cookie.nonceOf(request) ?? undefined;
    const shown = await this.proofs.check(IDENTITY_PROOF, proof, reply, nonce);
    const isAsker = shown.details.isBound === true || !('token' in proof);
    if (!isAsker && !this.secrets.isTicketOf(shown, ticket ?? ''))
      throw oneTimeErrors.proofInvalid();
    const account = shown.userId === null ? null : await this.users.findAccountById(shown.userId);
    if (account?.status !== 'active') throw oneTimeErrors.proofInvalid();
    const identity = identityOf(shown, account.email);
    const linked = await this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.secrets.consume(manager, shown);
      if (!account.emailVerified) await this.verify(transaction, account, request);
      return this.links.linkWithin(manager, account.id, { ...identity, mayRaise: false }, request);
    });
    const answered = { delivery, boundToBrowser: false };
    return this.identitySignIn.signIn(reply, linked, identity, answered);
  }

  /**
   * By a sign-in of the account, whatever its kind, in the client that has come back from the provider.
   *
   * @throws LatchkeyError `auth.cross_site`, `auth.proof_invalid` also for another account than the one that
   *   has the address, `identities.taken`, `identities.too_many`
   */
  async completeInSession(
    { userId, acr }: Principal,
    ticket: string,
    request: FastifyRequest,
  ): Promise<Identity> {
    this.sameSite.require(request);
    const nonce = this.cookie.nonceOf(request) ?? undefined;
    const shown = await this.secrets.checkTicket(IDENTITY_PROOF, ticket, nonce);
    const account = shown.userId === userId ? await this.users.findAccountById(userId) : null;
    if (account === null) throw oneTimeErrors.proofInvalid();
    const identity = { ...identityOf(shown, account.email), mayRaise: raises(acr) };
    return this.dataSource.transaction(async (manager) => {
      await this.secrets.consume(manager, shown);
      return this.links.linkWithin(manager, userId, identity, request);
    });
  }

  private verify(
    transaction: RevokingTransaction,
    account: SignInAccount,
    request: FastifyRequest,
  ): Promise<void> {
    const fate = this.browser.hasRegistered(request, account) ? 'keep' : 'clear';
    return this.verifyEmail.verifyIn(transaction, account.id, actorOf(request), fate);
  }
}

/** @param email of the account, which is the one that the provider has named */
function identityOf({ details }: ShownSecret, email: string): JudgedIdentity {
  const { issuer, subject, provider, twoFactors } = details as unknown as JudgedIdentity;
  return { issuer, subject, provider, email, twoFactors, standing: 'claimed', name: null };
}
