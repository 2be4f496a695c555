import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import { emailKey, readPlainAddress } from '../../platform/http/validation/email-address.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { AuthConfig } from '../auth.config.js';
import { type MailFlow, MailRequests } from '../mail/mail-requests.js';

/** Dead once the address has been verified, or the account has another one. */
export const EMAIL_VERIFICATION = defineOneTimePurpose({
  name: 'email-verification',
  lifetimeSeconds: 86_400,
  diesWith: ['address', 'verification'],
  anybodyMayAsk: true,
});

export const VERIFICATION_FLOW: MailFlow = {
  purpose: EMAIL_VERIFICATION,
  mail: 'email-verification',
  action: 'user.email_verification_requested',
  isFor: ({ emailVerified }) => !emailVerified,
};

/** Says that there is an account; it hands nothing over. */
const ALREADY_REGISTERED_FLOW: MailFlow = {
  ...VERIFICATION_FLOW,
  mail: 'already-registered',
  isFor: ({ emailVerified }) => emailVerified,
};

/** An account that has another address by now may take this one back. */
const ADDRESS_RESERVED_FLOW: MailFlow = {
  ...VERIFICATION_FLOW,
  mail: 'address-reserved',
  isFor: () => true,
};

/** The mail by which the owner of an address says that it is theirs. */
@Injectable()
export class VerificationMail {
  constructor(
    private readonly config: AuthConfig,
    private readonly mailer: Mailer,
    private readonly requests: MailRequests,
  ) {}

  /** Whether addresses are verified by mail. */
  get isOn(): boolean {
    return this.config.emailVerification !== 'off' && this.mailer.available;
  }

  /**
   * Writes to the address that somebody has registered, taken or not, by the same statements: to prove
   * that it is theirs; or, where its owner has done that already, that there is an account; or that there
   * was one, which may take the address back.
   */
  async sendAfterRegistration(
    manager: EntityManager,
    { account, email }: { readonly account: SignInAccount; readonly email: string },
    request: FastifyRequest,
  ): Promise<void> {
    if (!this.isOn) return;
    if (emailKey(account.email) !== emailKey(email)) {
      const to = readPlainAddress(email)?.text ?? email;
      await this.requests.send(manager, ADDRESS_RESERVED_FLOW, { account, email: to, to }, request);
      return;
    }
    const flow = account.emailVerified ? ALREADY_REGISTERED_FLOW : VERIFICATION_FLOW;
    await this.requests.send(manager, flow, { account, email }, request);
  }
}
