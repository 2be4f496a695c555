import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestValidation } from '../http/request-validation.js';
import { SignInThrottle } from '../throttle/sign-in-throttle.js';
import { LoginBody } from './login.body.js';
import { PASSWORD_STRATEGY } from './password.strategy.js';
import { TokenDelivery } from './token-delivery.js';

/**
 * Hands a sign-in to passport once its body is valid, its origin is one that may set the cookie, and
 * there have not been too many. Guards run before pipes, so the body is checked here.
 */
@Injectable()
export class PasswordSignInGuard extends AuthGuard(PASSWORD_STRATEGY) {
  private readonly validation = requestValidation();

  constructor(
    private readonly delivery: TokenDelivery,
    private readonly throttle: SignInThrottle,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const body: LoginBody = await this.validation.transform(request.body ?? {}, {
      type: 'body',
      metatype: LoginBody,
    });
    this.delivery.requireOwnSite(request, body.delivery);
    return this.throttle.attempt(http.getResponse<FastifyReply>(), body.email, async (check) => {
      request.passwordCheck = check;
      return (await super.canActivate(context)) as boolean;
    });
  }
}
