import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import type { OneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { CredentialStore } from '../../users/accounts/store/credential-store.js';
import { Users } from '../../users/accounts/users.js';
import { IdentityStore } from '../../users/identities/identity-store.js';
import { PasswordHasher } from '../../users/passwords/hashing/password-hasher.js';
import { PasswordPolicy } from '../../users/passwords/password-policy.js';
import { MailProofs } from '../mail/mail-proofs.js';
import { laneOf } from '../throttling/lane-of.js';

/** What somebody who reads the mail of an account sets by it. */
export interface PasswordProvenByMail {
  readonly purpose: OneTimePurpose;
  readonly proof: Proof;
  readonly newPassword: string;
  /** A name that is set with it, which the password must not be made of. */
  readonly name?: string | null;
}

/** What follows in the same transaction. */
export type AfterPassword = (
  manager: EntityManager,
  account: SignInAccount,
  verified: 'now' | 'before',
) => Promise<void>;

/** Sets a password by a mail: recovery, and the first one of somebody who was invited. */
@Injectable()
export class PasswordByMail {
  constructor(
    private readonly secrets: OneTimeSecrets,
    private readonly users: Users,
    private readonly credentials: CredentialStore,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly identities: IdentityStore,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly revocations: Revocations,
    private readonly sessionEnder: SessionEnder,
    private readonly proofs: MailProofs,
  ) {}

  /**
   * Sets the password, ends every session, and takes the mailbox as proved. It signs nobody in, and
   * nothing but the password changes of what signs one in, unless the mailbox is proved for the first time:
   * then passkeys, identities and second factors go, since a stranger may have registered the address. A password that
   * is refused consumes nothing.
   *
   * @throws LatchkeyError `auth.cross_site`, `throttle.too_many_requests`, `auth.proof_invalid`,
   *   `request.invalid` naming `newPassword`, `passwords.check_unavailable`, `auth.busy`
   */
  async set(
    { purpose, proof, newPassword, name }: PasswordProvenByMail,
    reply: FastifyReply,
    after: AfterPassword,
  ): Promise<void> {
    const { request } = reply;
    const shown = await this.proofs.check(purpose, proof, reply);
    const account = shown.userId === null ? null : await this.users.findAccountById(shown.userId);
    if (account === null) throw oneTimeErrors.proofInvalid();
    const { id, email } = account;
    await this.policy.require('newPassword', newPassword, { email, name: name ?? account.name });
    const hash = await this.hasher.hash(newPassword, laneOf('stranger', request.ip, id));
    const actor = actorOf(request);
    await this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.secrets.consume(manager, shown);
      const replaced = await this.credentials.replacePassword(manager, account, hash);
      if (!replaced) throw oneTimeErrors.proofInvalid();
      const verified = await this.credentials.markVerified(manager, id);
      if (verified) {
        await this.secondFactors.removeAll(manager, id);
        await this.identities.deleteOthers(manager, id);
      }
      await this.sessionEnder.endAllOfUser(transaction, id, { reason: 'password_changed', actor });
      await after(manager, account, verified ? 'now' : 'before');
    });
  }
}
