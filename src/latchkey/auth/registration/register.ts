import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { RegisterUser, type Registration } from '../../users/accounts/register-user.js';
import type { UserProfile } from '../../users/accounts/users.dto.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import type { Lane } from '../../users/passwords/hashing/password-check.js';
import { AuthConfig } from '../auth.config.js';
import { authErrors } from '../auth.errors.js';

@Injectable()
export class Register {
  constructor(
    private readonly config: AuthConfig,
    private readonly registerUser: RegisterUser,
  ) {}

  /**
   * @param lane where the password waits for its hash
   * @param onAsk called before rules of the extending team's own judge the password
   * @returns the new user; null where registration must not tell whether the address was known
   * @throws LatchkeyError `auth.registration_closed`, `users.email_taken`, `request.invalid`,
   *   `passwords.check_unavailable`, `auth.busy`
   */
  async register(
    registration: Registration,
    lane: Lane,
    actor: Actor,
    onAsk?: () => void,
  ): Promise<UserProfile | null> {
    if (this.config.registration === 'closed') throw authErrors.registrationClosed();
    if (this.config.emailVerification === 'off') {
      return this.registerUser.register(registration, lane, actor, onAsk);
    }
    await this.registerUser.register(registration, lane, actor, onAsk).catch(passOverTakenEmail);
    return null;
  }
}

function passOverTakenEmail(error: unknown): void {
  if (!usersErrors.emailTaken.is(error)) throw error;
}
