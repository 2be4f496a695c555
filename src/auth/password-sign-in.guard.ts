import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { requestValidation } from '../http/request-validation.js';
import { LoginBody } from './login.body.js';
import { PASSWORD_STRATEGY } from './password.strategy.js';
import { SameSite } from './same-site.js';

/**
 * Hands a sign-in to passport once its body is valid and its origin is one that may set the cookie.
 * Guards run before pipes, so the body is checked here.
 */
@Injectable()
export class PasswordSignInGuard extends AuthGuard(PASSWORD_STRATEGY) {
  private readonly validation = requestValidation();

  constructor(private readonly sameSite: SameSite) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const body: LoginBody = await this.validation.transform(request.body ?? {}, {
      type: 'body',
      metatype: LoginBody,
    });
    if (body.delivery === 'cookie') this.sameSite.require(request);
    return (await super.canActivate(context)) as boolean;
  }
}
