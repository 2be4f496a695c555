import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { defineFactor } from '../../tokens/assurance/factor.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { type IssuedSecret, OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import type { RevokingTransaction } from '../../tokens/revocation/revocations.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { Users } from '../../users/accounts/users.js';
import { VerifyEmail } from '../../users/accounts/verify-email.js';
import { AuthConfig } from '../auth.config.js';
import { MailProofs } from '../mail/mail-proofs.js';
import { type MailFlow, MailRequests } from '../mail/mail-requests.js';
import type { TokenResponse } from '../session/session.dto.js';
import { CompleteSignIn } from '../sign-in/complete-sign-in.js';
import type { Delivery } from '../sign-in/sign-in.dto.js';
import { SignInAttempts } from '../sign-in/sign-in-attempts.js';
import { RegisteringBrowser } from '../verification/registering-browser.js';
import { emailSignInErrors } from './email-sign-in.errors.js';

/** The lowest assurance there is: whoever reads the mail shows it. */
const MAIL = defineFactor({ name: 'mail', amr: ['otp'], role: 'first' });

/** Dead once the account has another address or password. */
export const EMAIL_SIGN_IN = defineOneTimePurpose({
  name: 'email-sign-in',
  lifetimeSeconds: 600,
  diesWith: ['address', 'password'],
  anybodyMayAsk: true,
});

const EMAIL_SIGN_IN_FLOW: MailFlow = {
  purpose: EMAIL_SIGN_IN,
  mail: 'email-sign-in',
  action: 'user.email_sign_in_requested',
};

/** Keeps the ticket for the browser that asked: a link in its mail is good there alone. */
@Injectable()
export class EmailSignInCookie extends HostCookie {
  constructor(config: HttpConfig) {
    super(config, '-email-sign-in');
  }
}

/** What a client shows of the mail: with a link its ticket, unless the cookie has it. */
export interface EmailSignIn {
  readonly proof: Proof;
  readonly ticket?: string;
  readonly delivery: Delivery;
}

/**
 * Signs in whoever reads the mail of an account, in the client that asked. It makes no account. An
 * account whose address has not been proved loses the password that somebody else may have chosen.
 */
@Injectable()
export class SignInByEmail {
  constructor(
    private readonly config: AuthConfig,
    private readonly mailer: Mailer,
    private readonly requests: MailRequests,
    private readonly secrets: OneTimeSecrets,
    private readonly users: Users,
    private readonly verifyEmail: VerifyEmail,
    private readonly browser: RegisteringBrowser,
    private readonly cookie: EmailSignInCookie,
    private readonly attempts: SignInAttempts,
    private readonly completeSignIn: CompleteSignIn,
    private readonly proofs: MailProofs,
  ) {}

  /**
   * Sends link and code to the mailbox of the account, if there is one that is active; see
   * `MailRequests`.
   *
   * @throws LatchkeyError `auth.email_sign_in_off`, `auth.cross_site`, `throttle.too_many_requests`
   */
  async request(email: string, reply: FastifyReply): Promise<IssuedSecret> {
    this.requireOn();
    const issued = await this.requests.request(EMAIL_SIGN_IN_FLOW, email, reply);
    this.cookie.write(reply, issued.ticket, issued.expiresInSeconds);
    return issued;
  }

  /**
   * @throws LatchkeyError `auth.email_sign_in_off`, `auth.cross_site`, `throttle.too_many_requests`,
   *   `auth.proof_invalid`, and what
   *   `CompleteSignIn.complete` throws
   */
  async complete(
    { proof, ticket, delivery }: EmailSignIn,
    reply: FastifyReply,
  ): Promise<TokenResponse> {
    const { request } = reply;
    this.requireOn();
    await this.proofs.admit(reply);
    const isLink = 'token' in proof;
    const asked = ticket ?? this.cookie.read(request) ?? '';
    const { account, shown } = await this.attempts.attemptSecret(reply, {
      purpose: EMAIL_SIGN_IN,
      proof,
      delivery,
      failure: isLink ? 'wrong_mail_link' : 'wrong_mail_code',
      isShownByRight: (secret) => !isLink || this.secrets.isTicketOf(secret, asked),
    });
    const signedIn = await this.completeSignIn.complete(reply, {
      account,
      factors: [MAIL.shown()],
      delivery,
      ...(account.emailVerified
        ? { consume: (manager) => this.secrets.consume(manager, shown) }
        : { prove: (transaction) => this.prove(transaction, account, shown, request) }),
    });
    this.cookie.clear(reply);
    return signedIn;
  }

  /** The account as it is once its address counts as proved. */
  private async prove(
    transaction: RevokingTransaction,
    account: SignInAccount,
    shown: ShownSecret,
    request: FastifyRequest,
  ): Promise<SignInAccount> {
    const { manager } = transaction;
    const fate = this.browser.hasRegistered(request, account) ? 'keep' : 'clear';
    await this.secrets.consume(manager, shown);
    await this.verifyEmail.verifyIn(transaction, account.id, actorOf(request), fate);
    const proved = await this.users.findAccountById(account.id, manager);
    if (proved === null) throw oneTimeErrors.proofInvalid();
    return proved;
  }

  private requireOn(): void {
    if (this.config.emailSignIn === 'off' || !this.mailer.available) throw emailSignInErrors.off();
  }
}
