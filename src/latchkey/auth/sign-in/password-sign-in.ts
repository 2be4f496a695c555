import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { DecoyHashes } from '../../users/accounts/decoy-hashes.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { Users } from '../../users/accounts/users.js';
import type { PasswordCheck } from '../../users/passwords/hashing/password-check.js';
import { RENEWAL_LANE } from '../../users/passwords/hashing/password-check.js';
import { PasswordHasher } from '../../users/passwords/hashing/password-hasher.js';
import { AuthConfig } from '../auth.config.js';
import { authErrors } from '../auth.errors.js';
import { type SignInFailure, SignInFailures } from './sign-in-failures.js';

@Injectable()
export class PasswordSignIn {
  private readonly logger = new Logger(PasswordSignIn.name);

  constructor(
    private readonly config: AuthConfig,
    private readonly users: Users,
    private readonly decoys: DecoyHashes,
    private readonly hasher: PasswordHasher,
    private readonly failures: SignInFailures,
  ) {}

  /**
   * The account whose password this is. Unknown address, wrong password, no password, a disabled
   * account and, with `EMAIL_VERIFICATION=required`, an address that is not verified are one answer,
   * after the same work (OWASP ASVS 6.3.8): see `DecoyHashes`.
   *
   * @param check whose turn at the hash it takes
   * @throws LatchkeyError `auth.invalid_credentials`, `auth.busy`, and what `mayBegin` throws
   */
  async verify(
    email: string,
    password: string,
    check: PasswordCheck,
    actor: Actor,
  ): Promise<SignInAccount> {
    const account = await this.users.findForSignIn(email);
    const decoy = await this.decoys.decoyFor(email);
    const hash = this.awaitsVerification(account) ? decoy : (account?.passwordHash ?? decoy);
    const matches = await this.hasher.verify(hash, password, check);
    if (matches && account?.status === 'active') return account;
    await this.failures.record(account, this.failureOf(account, matches), actor);
    throw authErrors.invalidCredentials();
  }

  /**
   * Hashes the password again where the stored hash was made at another cost or imported. Call it
   * after the transaction that began the session: hashing is slow and may fail, which is no reason
   * to refuse the sign-in. The next one tries again.
   *
   * @param password the one that `verify` found to be the account's
   */
  async renewHash(account: SignInAccount, password: string): Promise<void> {
    const { id: userId, passwordHash } = account;
    if (passwordHash === null || !this.hasher.needsRehash(passwordHash)) return;
    try {
      await this.users.replaceHash(account, await this.hasher.hash(password, RENEWAL_LANE));
    } catch (err) {
      this.logger.warn({ userId, err }, 'A password could not be hashed at the configured cost');
    }
  }

  /**
   * Signing in must not reveal to the person who has just registered an address whether it was
   * taken. So the check costs what a new hash does; the account's own, if imported, could cost
   * less.
   */
  private awaitsVerification(account: SignInAccount | null): boolean {
    return this.config.emailVerification === 'required' && account?.emailVerified === false;
  }

  private failureOf(account: SignInAccount | null, matches: boolean): SignInFailure {
    if (account === null) return 'unknown_account';
    if (this.awaitsVerification(account)) return 'email_unverified';
    if (account.passwordHash === null) return 'no_password';
    return matches ? 'account_disabled' : 'wrong_password';
  }
}
