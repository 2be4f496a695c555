import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';
import type { RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { AssignRoles } from '../../users/accounts/assign-roles.js';
import { RequireAuthority } from '../../users/accounts/require-authority.js';
import { CredentialStore } from '../../users/accounts/store/credential-store.js';
import { UserStore } from '../../users/accounts/store/user-store.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import type { UserProfile } from '../../users/accounts/users.dto.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { IdentityStore } from '../../users/identities/identity-store.js';

/** What the account is to be from now on. */
export interface TakenOver {
  readonly email: string;
  readonly name: string | null;
  readonly locale: string | null;
  readonly roles: readonly string[];
}

/**
 * Somebody has registered an address that they have never proved, and an admin invites its owner: whoever
 * registered it loses the account at once, before it gets any role.
 */
@Injectable()
export class TakeOverUnproved {
  constructor(
    private readonly authority: RequireAuthority,
    private readonly assignRoles: AssignRoles,
    private readonly credentials: CredentialStore,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly identities: IdentityStore,
    private readonly ender: SessionEnder,
    private readonly store: UserStore,
    private readonly directory: UserDirectory,
  ) {}

  /**
   * Takes password, passkeys, second factors and identities away and ends every session.
   *
   * @returns the account, as if it had just been made
   * @throws LatchkeyError `users.email_taken` where the address has been proved, or another account may take
   *   it back; `roles.escalation`, also unless the actor may act on the account as it was
   */
  async takeOver(
    transaction: RevokingTransaction,
    { email, name, locale, roles: wanted }: TakenOver,
    actor: Actor,
  ): Promise<UserProfile> {
    const { manager } = transaction;
    const userId = await this.store.findHolderId(manager, email);
    if (userId === null) throw usersErrors.emailTaken();
    await this.authority.requireOver(manager, userId, actor);
    if (!(await this.credentials.clearUnproved(manager, userId, email)))
      throw usersErrors.emailTaken();
    await this.secondFactors.removeAll(manager, userId);
    await this.identities.deleteOthers(manager, userId);
    await this.ender.endAllOfUser(transaction, userId, { reason: 'password_changed', actor });
    await this.assignRoles.assignIn(transaction, userId, wanted, actor);
    await this.store.changeProfile(manager, userId, { name, locale });
    return this.directory.getProfile(userId, manager);
  }
}
