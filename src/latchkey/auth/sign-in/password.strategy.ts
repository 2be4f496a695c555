import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-local';
import { actorOf } from '../../audit/current-actor.decorator.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import type { PasswordCheck } from '../../users/passwords/hashing/password-check.js';
import { PasswordSignIn } from './password-sign-in.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of sign-ins: by which the strategy has the password checked. */
    passwordCheck?: PasswordCheck;
  }
}

export const PASSWORD_STRATEGY = 'password';

/** Sign-in by e-mail address and password, as a passport strategy. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy, PASSWORD_STRATEGY) {
  constructor(private readonly signIn: PasswordSignIn) {
    super({ usernameField: 'email', passwordField: 'password', passReqToCallback: true });
  }

  validate(request: FastifyRequest, email: string, password: string): Promise<SignInAccount> {
    const { passwordCheck } = request;
    if (passwordCheck === undefined) throw new Error('Only PasswordSignInGuard signs in by it.');
    return this.signIn.verify(email, password, passwordCheck, actorOf(request));
  }
}
