import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { runStrategy } from '../../access/verification/run-strategy.js';
import { requestValidation } from '../../platform/http/validation/request-validation.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { AuthConfig } from '../auth.config.js';
import { authErrors } from '../auth.errors.js';
import { TokenDelivery } from '../session/token-delivery.js';
import { PasswordStrategy } from './password.strategy.js';
import { LoginBody } from './sign-in.dto.js';
import { SignInThrottle } from './sign-in-throttle.js';

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
    return this.throttle.attempt(http.getResponse<FastifyReply>(), body.email, async (check) => {
      request.passwordCheck = check;
      request.user = await runStrategy<SignInAccount>(this.strategy, request, () =>
        authErrors.invalidCredentials(),
      );
      return true;
    });
  }
}
