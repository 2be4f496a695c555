import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import {
  RegisterUser,
  type Registration,
  type RegistrationSteps,
} from '../../users/accounts/register-user.js';
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
   * @returns the new user; null where registration must not tell whether the address was known
   * @throws LatchkeyError `auth.registration_closed`, `users.email_taken`, `request.invalid`,
   *   `passwords.check_unavailable`, `auth.busy`, or what
   *   `steps.store` throws
   */
  async register(
    registration: Registration,
    lane: Lane,
    actor: Actor,
    steps: RegistrationSteps = {},
  ): Promise<UserProfile | null> {
    if (this.config.registration === 'closed') throw authErrors.registrationClosed();
    if (this.config.emailVerification === 'off') {
      return this.registerUser.register(registration, lane, actor, steps);
    }
    await this.registerUser.register(registration, lane, actor, steps).catch(passOverTakenEmail);
    return null;
  }
}

function passOverTakenEmail(error: unknown): void {
  if (!usersErrors.emailTaken.is(error)) throw error;
}
