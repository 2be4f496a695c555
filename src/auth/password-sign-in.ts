import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../passwords/password-hasher.js';
import type { SignInAccount } from '../users/sign-in-account.js';
import { Users } from '../users/users.js';
import { authErrors } from './auth.errors.js';

@Injectable()
export class PasswordSignIn {
  constructor(
    private readonly users: Users,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * The account whose password this is. Unknown address, wrong password, no password and a
   * disabled account are one answer, after the same work (OWASP ASVS 6.3.8).
   *
   * @throws LatchkeyError `auth.invalid_credentials`, `auth.busy`
   */
  async verify(email: string, password: string): Promise<SignInAccount> {
    const account = await this.users.findForSignIn(email);
    const matches = await this.hasher.verify(account?.passwordHash ?? null, password);
    if (!matches || account?.status !== 'active') throw authErrors.invalidCredentials();
    return account;
  }
}
