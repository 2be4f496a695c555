import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { StartupError } from '../../platform/errors/startup-error.js';
import { MailConfig } from '../../platform/mail/mail.config.js';
import { LONGEST_SENDING_MILLISECONDS, Mailer } from '../../platform/mail/mailer.js';
import { Outbox } from '../../platform/outbox/outbox.js';
import {
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
} from '../../platform/outbox/outbox-handler.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { Users } from '../../users/accounts/users.js';
import { FeatureMail } from './feature-mail.js';
import { MAIL_NAMES } from './mail-template.js';
import { MailboxShares, type MailCause } from './mailbox-shares.js';

const KIND = 'feature-mail';
const LINK = /\bhttps?:\/\/[^\s<>"]+/g;

/** One mail that is to be sent. */
export interface DueFeatureMail {
  /** Of a class that extends `FeatureMail`. */
  readonly mail: string;
  /**
   * Whose mailbox it is. `id: null` where no account has the address that somebody has typed: the same statements are
   * sent to the database, and no mail.
   */
  readonly account: { readonly id: string | null; readonly email: string };
  /** Ids, for `write` to look up: they stay in the outbox for a week. No secret, and no text of a person's. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /**
   * `anybody`, if it can be brought about by people who may not act on the account: such mails have a share of the
   * hour of their own (`MAIL_PER_HOUR`), so that they hold up no other.
   */
  readonly cause?: MailCause;
}

interface Payload {
  readonly mail: string;
  readonly userId: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Mails of features, sent as Latchkey's are: at least once, in order for each mailbox, to `/dev/mail` too. */
@Injectable()
export class FeatureMails extends OutboxHandler implements OnModuleInit {
  readonly kind = KIND;
  override readonly tryMilliseconds = LONGEST_SENDING_MILLISECONDS;
  private readonly provided = new Map<string, FeatureMail>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly outbox: Outbox,
    private readonly shares: MailboxShares,
    private readonly users: Users,
    private readonly mailer: Mailer,
    private readonly config: MailConfig,
  ) {
    super();
  }

  /** @throws StartupError when two mails have one name, or one has that of a mail of Latchkey's */
  onModuleInit(): void {
    const taken = new Set<string>(MAIL_NAMES);
    for (const mail of findProvided(this.discovery, FeatureMail)) {
      if (taken.has(mail.mail)) throw new StartupError(`There are two mails "${mail.mail}".`);
      taken.add(mail.mail);
      this.provided.set(mail.mail, mail);
    }
  }

  /** Whether mails reach anybody: in production with `MAIL_URL`, and always outside of it. */
  get available(): boolean {
    return this.mailer.available;
  }

  /**
   * Has a mail sent once the transaction is committed; does nothing where no mail is sent.
   *
   * @throws Error when no class writes a mail of this name
   */
  async put(manager: EntityManager, due: DueFeatureMail): Promise<void> {
    const { mail, account, facts = {}, cause = 'the-account' } = due;
    if (!this.provided.has(mail)) throw new Error(`No class extends FeatureMail for "${mail}".`);
    if (!this.available) return;
    const payload: Payload = { mail, userId: account.id, facts };
    await this.outbox.put(manager, {
      kind: KIND,
      // A line of their own: one that cannot be written holds up none of Latchkey's.
      recipient: `${this.shares.recipientOf(account.email, cause)}:feature`,
      payload: { ...payload },
    });
  }

  override async deliver(message: OutboxDelivery): Promise<OutboxOutcome> {
    const { mail, userId, facts } = message.payload as unknown as Payload;
    const account = userId === null ? null : await this.users.findAccountById(userId);
    if (account === null) return 'dropped';
    const writer = this.provided.get(mail);
    // An instance of another version may have it.
    if (writer === undefined) throw new Error(`No class extends FeatureMail for "${mail}".`);
    const wait = await this.shares.secondsUntilFree(message.recipient, KIND);
    if (wait > 0) return { putOffSeconds: wait };
    const { email, emailVerified, locale } = account;
    const name = emailVerified ? account.name : null;
    const product = this.config.brandName;
    const written = await writer.write({ userId: account.id, email, name, locale, product }, facts);
    if (written === null) return 'dropped';
    const links = written.text.match(LINK) ?? [];
    await message.requireHeld();
    const outgoing = { ...written, id: message.id, to: email, purpose: mail, links, code: null };
    await this.mailer.send(outgoing, message.signal);
    return 'delivered';
  }
}
