import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-local';
import { actorOf } from '../audit/current-actor.js';
import type { SignInAccount } from '../users/sign-in-account.js';
import { PasswordSignIn } from './password-sign-in.js';

export const PASSWORD_STRATEGY = 'password';

/** Sign-in by e-mail address and password, as a passport strategy. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy, PASSWORD_STRATEGY) {
  constructor(private readonly signIn: PasswordSignIn) {
    super({ usernameField: 'email', passwordField: 'password', passReqToCallback: true });
  }

  validate(request: FastifyRequest, email: string, password: string): Promise<SignInAccount> {
    return this.signIn.verify(email, password, actorOf(request));
  }
}
