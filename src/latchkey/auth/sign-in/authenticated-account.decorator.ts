import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';

/** Whom a passport strategy has just authenticated, as a handler's parameter. */
export const AuthenticatedAccount = createParamDecorator(
  (_: unknown, context: ExecutionContext): SignInAccount =>
    context.switchToHttp().getRequest<{ user: SignInAccount }>().user,
);
