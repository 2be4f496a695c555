import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessErrors } from '../../access/access.errors.js';
import type {} from '../../access/request-principal.js';
import { FIRST_PARTY_CLIENT_ID } from '../../tokens/sessions/refresh/live-session.js';

const NO_ACCOUNT = 'A service has no account: this is for the users of one.';

/** Refuses services: their tokens name a client where those of users name an account. */
@Injectable()
class UsersAloneGuard implements CanActivate {
  /** @throws LatchkeyError `access.forbidden` */
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal?.clientId === FIRST_PARTY_CLIENT_ID) return true;
    throw accessErrors.forbidden({ detail: NO_ACCOUNT });
  }
}

/** For what somebody does with an account of their own: `@Throws(accessErrors.forbidden)`. */
export function UsersAlone(): ClassDecorator & MethodDecorator {
  return applyDecorators(UseGuards(UsersAloneGuard));
}
