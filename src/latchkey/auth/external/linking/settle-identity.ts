import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import type { SignInAccount } from '../../../users/accounts/sign-in-account.js';
import { Users } from '../../../users/accounts/users.js';
import { type Identity, IdentityStore } from '../../../users/identities/identity-store.js';
import { AuthConfig } from '../../auth.config.js';
import { authErrors } from '../../auth.errors.js';
import type { TokenResponse } from '../../session/session.dto.js';
import { externalErrors } from '../external.errors.js';
import type { JudgedIdentity } from '../judged-identity.js';
import { type ExternalDelivery, IdentitySignIn } from './identity-sign-in.js';
import { decideLinking, type LinkingDecision } from './linking-rule.js';
import { ProveOwner } from './prove-owner.js';
import { RegisterIdentity } from './register-identity.js';

/** What is found here of somebody whom a provider has named. */
interface Found {
  readonly known: Identity | null;
  readonly account: SignInAccount | null;
}

/** Does what the linking rule says. */
@Injectable()
export class SettleIdentity {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: AuthConfig,
    private readonly users: Users,
    private readonly identities: IdentityStore,
    private readonly identitySignIn: IdentitySignIn,
    private readonly registration: RegisterIdentity,
    private readonly owners: ProveOwner,
  ) {}

  /**
   * Signs in, or says what has to come first.
   *
   * @throws LatchkeyError `auth.registration_closed`, `auth.external_email_missing`,
   *   `auth.external_proof_required`, `throttle.too_many_requests`, and what `CompleteSignIn.complete` throws
   */
  async settle(
    reply: FastifyReply,
    identity: JudgedIdentity,
    delivery: ExternalDelivery,
  ): Promise<TokenResponse> {
    let found = await this.find(identity);
    const { email } = identity;
    const decision = this.decide(identity, found);
    if (decision === 'closed') throw authErrors.registrationClosed();
    if (decision === 'register' || decision === 'register-proved') {
      const emailVerified = decision === 'register-proved';
      const registration = { email: email ?? '', emailVerified, linked: true };
      await this.registration.register(reply, identity, registration);
      // Also where another request was first: the identity is known by now, or the address is.
      found = await this.find(identity);
    }
    const { known, account } = found;
    if (known !== null) return this.identitySignIn.signIn(reply, known, identity, delivery);
    if (email === null) throw externalErrors.emailMissing();
    const owner =
      decision === 'register-and-prove'
        ? await this.registerInert(reply, identity, email)
        : account;
    throw await this.owners.begin(reply, identity, { account: owner, email }, delivery);
  }

  /** Without any way in, until the mailbox is proved. */
  private async registerInert(
    reply: FastifyReply,
    identity: JudgedIdentity,
    email: string,
  ): Promise<SignInAccount | null> {
    const registration = { email, emailVerified: false, linked: false };
    const made = await this.registration.register(reply, identity, registration);
    return made ?? this.users.findForSignIn(email);
  }

  private async find(identity: JudgedIdentity): Promise<Found> {
    const { email } = identity;
    // In this order: whoever sees an account that another request makes for it sees its identity as well.
    const account = email === null ? null : await this.users.findForSignIn(email);
    return { known: await this.identities.find(this.dataSource.manager, identity), account };
  }

  private decide({ email, standing }: JudgedIdentity, { known, account }: Found): LinkingDecision {
    const { registration, emailVerification } = this.config;
    const stored = account?.emailVerified ? 'known' : 'unverified';
    return decideLinking({
      identity: known === null ? 'unknown' : 'known',
      address: email === null ? 'none' : account === null ? 'unknown' : stored,
      standing,
      registration: registration === 'open' ? 'open' : 'closed',
      hidesAccounts: emailVerification === 'required',
    });
  }
}
