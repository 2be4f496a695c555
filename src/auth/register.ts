import { Injectable } from '@nestjs/common';
import type { Actor } from '../audit/actor.js';
import { LatchkeyError } from '../errors/latchkey-error.js';
import { RegisterUser, type Registration } from '../users/register-user.js';
import type { UserProfile } from '../users/user-profile.js';
import { usersErrors } from '../users/users.errors.js';
import { AuthConfig } from './auth.config.js';
import { authErrors } from './auth.errors.js';

@Injectable()
export class Register {
  constructor(
    private readonly config: AuthConfig,
    private readonly registerUser: RegisterUser,
  ) {}

  /**
   * @param onAsk called before rules of the extending team's own judge the password
   * @returns the new user; null where registration must not tell whether the address was known
   * @throws LatchkeyError `auth.registration_closed`, `users.email_taken`, `request.invalid`,
   *   `passwords.check_unavailable`, `auth.busy`
   */
  async register(
    registration: Registration,
    actor: Actor,
    onAsk?: () => void,
  ): Promise<UserProfile | null> {
    if (this.config.registration === 'closed') throw authErrors.registrationClosed();
    if (this.config.emailVerification === 'off') {
      return this.registerUser.register(registration, actor, onAsk);
    }
    await this.registerUser.register(registration, actor, onAsk).catch(passOverTakenEmail);
    return null;
  }
}

function passOverTakenEmail(error: unknown): void {
  const taken = usersErrors.emailTaken.definition.code;
  if (!(error instanceof LatchkeyError) || error.code !== taken) throw error;
}
