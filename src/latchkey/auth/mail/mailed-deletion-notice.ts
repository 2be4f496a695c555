import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { type AccountToDelete, DeletionNotice } from '../../users/accounts/deletion-notice.js';
import { Notices } from './notices.js';

/** The last mail to an owner. All that it takes is with the message, and erased once it has been sent. */
@Injectable()
export class MailedDeletionNotice extends DeletionNotice {
  constructor(private readonly notices: Notices) {
    super();
  }

  override put(
    manager: EntityManager,
    { id, email, emailVerified, name, locale }: AccountToDelete,
    actor: Actor,
    languages?: string,
  ): Promise<void> {
    return this.notices.put(manager, {
      notice: 'account-deleted',
      account: { id, email },
      actor,
      languages,
      elsewhere: { to: email, account: email, name: emailVerified ? name : null, locale },
    });
  }
}
