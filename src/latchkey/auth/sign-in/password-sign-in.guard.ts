import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { runStrategy } from '../../access/verification/run-strategy.js';
import { requestValidation } from '../../platform/http/validation/request-validation.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { AuthConfig } from '../auth.config.js';
import { authErrors } from '../auth.errors.js';
import { TokenDelivery } from '../session/token-delivery.js';
import { RegisteringBrowser } from '../verification/registering-browser.js';
import { PasswordStrategy } from './password.strategy.js';
import { LoginBody } from './sign-in.dto.js';
import { SignInThrottle } from './sign-in-throttle.js';

const MAY_BE_UNVERIFIED =
  'If you have registered lately, verify the address first: by the mail that was sent to it, or by another one of POST /auth/email-verification/request.';

/**
 * Hands a sign-in to the strategy once its body is valid, its origin is one that may set the cookie, and
 * there have not been too many. Guards run before pipes, so the body is checked here.
 */
@Injectable()
export class PasswordSignInGuard implements CanActivate {
  private readonly validation = requestValidation();

  constructor(
    private readonly delivery: TokenDelivery,
    private readonly throttle: SignInThrottle,
    private readonly strategy: PasswordStrategy,
    private readonly config: AuthConfig,
    private readonly browser: RegisteringBrowser,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.config.passwordSignIn === 'off') throw authErrors.passwordSignInOff();
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { user?: SignInAccount }>();
    const body: LoginBody = await this.validation.transform(request.body ?? {}, {
      type: 'body',
      metatype: LoginBody,
    });
    this.delivery.requireOwnSite(request, body.delivery);
    const attempt = this.throttle.attempt(
      http.getResponse<FastifyReply>(),
      body.email,
      async (check) => {
        request.passwordCheck = check;
        request.user = await runStrategy<SignInAccount>(this.strategy, request, () =>
          authErrors.invalidCredentials(),
        );
        return true;
      },
    );
    return attempt.catch((error: unknown) => {
      throw this.explain(error, request, body);
    });
  }

  /**
   * Where addresses must be verified, says so to the browser that has asked to register just this, made
   * or refused; and to all others that it may be so. Anything more would tell somebody who registers an
   * address, and signs in by what they sent, whether it was known.
   */
  private explain(error: unknown, request: FastifyRequest, body: LoginBody): unknown {
    if (this.config.emailVerification !== 'required') return error;
    if (!authErrors.invalidCredentials.is(error)) return error;
    if (this.browser.hasClaimed(request, body)) return authErrors.emailUnverified();
    return authErrors.invalidCredentials({ detail: MAY_BE_UNVERIFIED });
  }
}
