import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import { AccountMails, type Elsewhere } from './account-mail.js';
import { type NoticeName, UNLINKED_NOTICES } from './notice-names.js';

/**
 * The link of a notice: it ends every session of the account. Nothing that somebody else may do to the
 * account makes it worthless, and a later notice has one of its own.
 */
export const END_SESSIONS = defineOneTimePurpose({
  name: 'end-sessions',
  lifetimeSeconds: 604_800,
  diesWith: [],
  severalAtOnce: true,
});

/** Something has happened to an account that its owner is to know of. */
export interface Notice {
  readonly notice: NoticeName;
  /** As it was before: the notice goes to the address that it had then. */
  readonly account: { readonly id: string; readonly email: string };
  readonly actor: Actor;
  /** `Accept-Language` of the request, where it is the owner's. */
  readonly languages?: string;
  /** Where the mailbox is not the account's any more. */
  readonly elsewhere?: Elsewhere;
  /** Of the one-time secret that its link holds, in place of one that ends the sessions; null: no link. */
  readonly secretId?: string | null;
}

/**
 * Tells owners by mail what has happened to their account (OWASP ASVS 6.3.7).
 *
 * @example `await this.notices.put(manager, { notice: 'passkey-added', account, actor });`
 */
@Injectable()
export class Notices {
  constructor(
    private readonly mailer: Mailer,
    private readonly secrets: OneTimeSecrets,
    private readonly mails: AccountMails,
  ) {}

  /**
   * Has the notice sent once the transaction of the change is committed, as certainly as the change
   * itself; does nothing where no mail is sent.
   */
  async put(manager: EntityManager, notice: Notice): Promise<void> {
    if (!this.mailer.available) return;
    const { notice: mail, account, actor, languages = '', elsewhere } = notice;
    const { id: userId, email: address } = account;
    const secretId =
      notice.secretId === undefined ? await this.issueLink(manager, notice) : notice.secretId;
    const written = {
      mail,
      userId,
      address: elsewhere?.to ?? address,
      ...(secretId !== null && { secretId }),
      ...(elsewhere !== undefined && { elsewhere }),
    };
    await this.mails.putFor(manager, written, actor, languages);
  }

  private async issueLink(
    manager: EntityManager,
    { notice, account }: Notice,
  ): Promise<string | null> {
    if (UNLINKED_NOTICES.has(notice)) return null;
    const { id } = await this.secrets.issue(manager, END_SESSIONS, {
      subject: { userId: account.id },
    });
    return id;
  }
}
