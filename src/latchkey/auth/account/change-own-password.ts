import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import type { PasswordCheck } from '../../users/passwords/hashing/password-check.js';
import { authErrors } from '../auth.errors.js';
import type { GrantedAccess } from '../sign-in/granted-access.js';
import { PASSWORD_METHOD } from '../sign-in/password-sign-in.js';
import { StartSession } from '../sign-in/start-session.js';
import { ChangePassword, type PasswordChange } from './change-password.js';

/** The caller authenticates anew, and so gets a new session: no token from before outlives it. */
@Injectable()
export class ChangeOwnPassword {
  constructor(
    private readonly changePassword: ChangePassword,
    private readonly startSession: StartSession,
  ) {}

  /**
   * @throws LatchkeyError `auth.invalid_credentials` when the current password is not the
   *   account's; and what `ChangePassword` throws. Nothing has changed then
   */
  async change(change: PasswordChange, check: PasswordCheck, actor: Actor): Promise<GrantedAccess> {
    const granted = await this.changePassword.change(change, check, actor, (manager) =>
      this.startSession.startIn(manager, change.userId, [PASSWORD_METHOD], actor),
    );
    if (granted === null) throw authErrors.invalidCredentials();
    return granted;
  }
}
