import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { plainText } from '../../platform/http/validation/plain-text.js';
import { MailConfig } from '../../platform/mail/mail.config.js';
import { LONGEST_SENDING_MILLISECONDS, Mailer } from '../../platform/mail/mailer.js';
import { Outbox } from '../../platform/outbox/outbox.js';
import {
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
} from '../../platform/outbox/outbox-handler.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import { Users } from '../../users/accounts/users.js';
import { deviceWords } from './device-words.js';
import { MailLinks } from './mail-links.js';
import type { MailFacts, MailName } from './mail-template.js';
import { MailTemplates } from './mail-templates.js';
import { MailboxShares, type MailCause } from './mailbox-shares.js';
import { NOTICE_NAMES } from './notice-names.js';

const KIND = 'mail';
const MAX_LANGUAGES = 100;

const IS_NOTICE: ReadonlySet<string> = new Set(NOTICE_NAMES);
/** Those that nobody can bring about who may not act on the account. */
const BY_THE_ACCOUNT: ReadonlySet<string> = new Set([
  ...NOTICE_NAMES,
  'invitation',
  'recovery-by-admin',
] satisfies MailName[]);

interface MailPayload {
  readonly mail: MailName;
  readonly userId: string | null;
  /** Of the one-time secret that it hands over. */
  readonly secretId?: string;
  /** It goes to another mailbox than the account's, which is among what is personal. */
  readonly elsewhere?: true;
  readonly languages: string;
  readonly at: string;
  readonly ip: string;
  /** In our words: `deviceWords`. */
  readonly device: string | null;
}

/** Where a mail goes that does not go to the account's own mailbox. Erased once it has been sent. */
export interface Elsewhere {
  readonly to: string;
  /** Which address it names as the account's; absent: the present one. */
  readonly account?: string;
  /** Whom it greets, if the mailbox has been proved; and the language, if it is not the account's. */
  readonly name?: string | null;
  readonly locale?: string | null;
}

export interface AccountMail {
  readonly mail: MailName;
  /** Null: no account has the address, and nothing is sent. It takes as long. */
  readonly userId: string | null;
  readonly secretId?: string;
  /** Whose mailbox it is: as stored, or as typed where no account has it. */
  readonly address: string;
  readonly elsewhere?: Elsewhere;
  /** Where it is another one than that of mails of this name. */
  readonly cause?: MailCause;
}

/** Mails to the owners of accounts: written and addressed when they are sent, and not before. */
@Injectable()
export class AccountMails extends OutboxHandler {
  readonly kind = KIND;
  override readonly tryMilliseconds = LONGEST_SENDING_MILLISECONDS;

  constructor(
    private readonly outbox: Outbox,
    private readonly shares: MailboxShares,
    private readonly secrets: OneTimeSecrets,
    private readonly users: Users,
    private readonly templates: MailTemplates,
    private readonly mailer: Mailer,
    private readonly config: MailConfig,
    private readonly links: MailLinks,
  ) {
    super();
  }

  /** Has a mail sent once the transaction is committed; does nothing where no mail is sent. */
  put(manager: EntityManager, mail: AccountMail, request: FastifyRequest): Promise<void> {
    const languages = request.headers['accept-language'] ?? '';
    return this.putFor(manager, mail, actorOf(request), languages);
  }

  /**
   * The same where nobody asks over HTTP, or somebody asks for somebody else.
   *
   * @param languages that the reader wants, as `Accept-Language` has them
   */
  async putFor(
    manager: EntityManager,
    { mail, userId, secretId, address, elsewhere, cause = causeOf(mail) }: AccountMail,
    { ip, userAgent }: Pick<Actor, 'ip' | 'userAgent'>,
    languages: string,
  ): Promise<void> {
    if (!this.mailer.available) return;
    const at = new Date().toISOString();
    const payload: MailPayload = {
      mail,
      userId,
      ...(secretId !== undefined && { secretId }),
      ...(elsewhere !== undefined && { elsewhere: true }),
      languages: plainText(languages, MAX_LANGUAGES),
      at,
      ip,
      device: deviceWords(userAgent),
    };
    await this.outbox.put(manager, {
      kind: KIND,
      recipient: this.shares.recipientOf(address, cause),
      payload: { ...payload },
      ...(userId !== null &&
        elsewhere !== undefined && {
          personal: { userId: mail === 'account-deleted' ? null : userId, data: { ...elsewhere } },
        }),
    });
  }

  override async deliver(message: OutboxDelivery): Promise<OutboxOutcome> {
    const payload = message.payload as unknown as MailPayload;
    const { secretId, mail, languages: acceptLanguage } = payload;
    const reader = await this.readerOf(payload, message.personal as Elsewhere | null);
    if (reader === null) return 'dropped';
    const revealed = secretId === undefined ? null : await this.secrets.reveal(secretId);
    // What has happened is told, whatever has become of the link.
    if (secretId !== undefined && revealed === null && !IS_NOTICE.has(mail)) return 'dropped';
    const wait = await this.shares.secondsUntilFree(message.recipient, KIND);
    if (wait > 0) return { putOffSeconds: wait };
    const facts: MailFacts = {
      product: this.config.brandName,
      account: reader.account,
      name: reader.name,
      link: revealed === null ? '' : this.links.linkOf(mail, revealed.token),
      code: revealed?.code ?? '',
      minutes: Math.max(1, Math.round((revealed?.expiresInSeconds ?? 0) / 60)),
      at: new Date(payload.at),
      ip: payload.ip,
      device: payload.device,
    };
    const wanted = { locale: reader.locale, acceptLanguage };
    const written = this.templates.write(mail, wanted, facts);
    const outgoing = {
      ...written,
      id: message.id,
      to: reader.to,
      purpose: mail,
      links: facts.link !== '' && written.text.includes(facts.link) ? [facts.link] : [],
      code: revealed !== null && written.text.includes(revealed.code) ? revealed.code : null,
    };
    await message.requireHeld();
    await this.mailer.send(outgoing, message.signal);
    return 'delivered';
  }

  /**
   * Null when there is nobody to write to: no account has the address, or it has been deleted. Who has not
   * proved the mailbox is not called by a name: it may be a stranger's text to somebody else.
   */
  private async readerOf(
    { userId, elsewhere }: MailPayload,
    personal: Elsewhere | null,
  ): Promise<Required<Elsewhere> | null> {
    if (elsewhere === true && personal === null) return null;
    const account = userId === null ? null : await this.users.findAccountById(userId);
    const to = personal?.to ?? account?.email;
    if (to === undefined) return null;
    const { account: named = account?.email ?? to, name, locale } = personal ?? {};
    return {
      to,
      account: named,
      name: name ?? (personal === null && account?.emailVerified === true ? account.name : null),
      locale: locale === undefined ? (account?.locale ?? null) : locale,
    };
  }
}

function causeOf(mail: MailName): MailCause {
  return BY_THE_ACCOUNT.has(mail) ? 'the-account' : 'anybody';
}
