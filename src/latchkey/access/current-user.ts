import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { accessErrors } from './access.errors.js';
import type { Principal } from './principal.js';
import type { GuardedRequest } from './request-principal.js';

/** The verified caller, as a handler's parameter. On a public route there is none: 401. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => {
    const { principal } = context.switchToHttp().getRequest<GuardedRequest>();
    if (principal === undefined) throw accessErrors.unauthenticated();
    return principal;
  },
);
