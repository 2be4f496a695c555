import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { DefaultRole } from '../../roles/default-role.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { UserStore } from '../../users/accounts/store/user-store.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import { UserProfile } from '../../users/accounts/users.dto.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { PasswordByMail } from '../account/password-by-mail.js';
import { AccountMails } from '../mail/account-mail.js';
import { mailErrors } from '../mail/mail.errors.js';
import type { InviteUserBody } from './invitation.dto.js';
import { TakeOverUnproved } from './take-over-unproved.js';

/** Dead once the account has a password or another address. */
export const INVITATION = defineOneTimePurpose({
  name: 'invitation',
  lifetimeSeconds: 604_800,
  diesWith: ['address', 'password'],
});

/** Accounts that somebody else makes: without a password, until their owner sets one by the mail. */
@Injectable()
export class InviteUser {
  constructor(
    private readonly revocations: Revocations,
    private readonly mailer: Mailer,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly defaultRole: DefaultRole,
    private readonly store: UserStore,
    private readonly directory: UserDirectory,
    private readonly takeOver: TakeOverUnproved,
    private readonly secrets: OneTimeSecrets,
    private readonly mails: AccountMails,
    private readonly passwords: PasswordByMail,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Makes an account and mails its owner a link, which is good for a week. The roles are judged as those
   * that are given. With `takeOver` it may be one that somebody has registered and never proved; see
   * `TakeOverUnproved`.
   *
   * @param languages of the mail, where the body has none: as `Accept-Language` has them
   * @throws LatchkeyError `mail.off`, `users.email_taken`, `request.invalid` naming `roles` (there is no
   *   such role), `roles.escalation`, `roles.too_large`
   */
  async invite(invited: InviteUserBody, actor: Actor, languages: string): Promise<UserProfile> {
    if (!this.mailer.available) throw mailErrors.off();
    const { email, name = null, locale = null, roles = [this.defaultRole.name] } = invited;
    const wanted = { email, name, locale, roles: [...new Set(roles)] };
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      await this.assignments.authorizeChange(manager, { current: [], wanted: roles }, actor);
      const account = { ...wanted, emailVerified: false, passwordHash: null };
      const made = await this.store.insert(manager, account);
      if (made === null && invited.takeOver !== true) throw usersErrors.emailTaken();
      const user = made ?? (await this.takeOver.takeOver(transaction, wanted, actor));
      const { id: userId, email: address } = user;
      await this.audit.record(manager, {
        action: 'user.invited',
        actor,
        target: { type: 'user', id: userId },
        details: { roles: user.roles, ...(made === null && { takenOver: true }) },
      });
      const { id: secretId } = await this.secrets.issue(manager, INVITATION, {
        subject: { userId },
      });
      const mail = { mail: 'invitation', userId, secretId, address } as const;
      await this.mails.putFor(manager, mail, actor, languages);
      return made === null ? this.directory.getProfile(userId, manager) : UserProfile.of(made);
    });
  }

  /**
   * Sets the first password, and a name if there is one; see `PasswordByMail`.
   *
   * @throws LatchkeyError what `PasswordByMail.set` throws
   */
  async accept(
    proof: Proof,
    { newPassword, name }: { readonly newPassword: string; readonly name?: string | null },
    reply: FastifyReply,
  ): Promise<void> {
    const change = { purpose: INVITATION, proof, newPassword, name };
    await this.passwords.set(change, reply, async (manager, { id }) => {
      if (name !== undefined) await this.store.changeProfile(manager, id, { name });
      await this.audit.record(manager, {
        action: 'user.invitation_accepted',
        actor: actorOf(reply.request),
        target: { type: 'user', id },
      });
    });
  }
}
