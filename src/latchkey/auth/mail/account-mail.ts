import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import { AccessConfig } from '../../access/access.config.js';
import type { Actor } from '../../audit/actor.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { AppSecrets } from '../../platform/config/app-secrets.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { plainText } from '../../platform/http/validation/plain-text.js';
import { MailConfig } from '../../platform/mail/mail.config.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { Outbox } from '../../platform/outbox/outbox.js';
import {
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
} from '../../platform/outbox/outbox-handler.js';
import { OutboxStore } from '../../platform/outbox/outbox-store.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import { Users } from '../../users/accounts/users.js';
import { LinksConfig } from './links.config.js';
import type { MailFacts, MailName } from './mail-template.js';
import { MailTemplates } from './mail-templates.js';

const KIND = 'mail';
const HOUR_SECONDS = 3_600;
const MAX_LANGUAGES = 100;

/** Which page of `PAGES_URL` the link of a mail leads to. */
const PAGES: Readonly<Record<MailName, string>> = { recovery: 'recover', 'password-changed': '' };

interface MailPayload {
  readonly mail: MailName;
  readonly userId: string | null;
  /** Of the one-time secret that it hands over. */
  readonly secretId?: string;
  readonly languages: string;
  readonly at: string;
  readonly ip: string;
  readonly device: string | null;
}

export interface AccountMail {
  readonly mail: MailName;
  /** Null: no account has the address, and nothing is sent. It takes as long. */
  readonly userId: string | null;
  readonly secretId?: string;
  /** Whose mailbox it is: as stored, or as typed where no account has it. */
  readonly address: string;
}

/** Mails to the owners of accounts: written and addressed when they are sent, and not before. */
@Injectable()
export class AccountMails extends OutboxHandler {
  readonly kind = KIND;
  private readonly mailboxKey: Buffer;

  constructor(
    private readonly outbox: Outbox,
    private readonly store: OutboxStore,
    private readonly secrets: OneTimeSecrets,
    private readonly users: Users,
    private readonly templates: MailTemplates,
    private readonly mailer: Mailer,
    private readonly config: MailConfig,
    private readonly links: LinksConfig,
    private readonly access: AccessConfig,
    appSecrets: AppSecrets,
  ) {
    super();
    [this.mailboxKey] = appSecrets.keysFor('mailbox');
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
    { mail, userId, secretId, address }: AccountMail,
    { ip, userAgent }: Pick<Actor, 'ip' | 'userAgent'>,
    languages: string,
  ): Promise<void> {
    if (!this.mailer.available) return;
    const at = new Date().toISOString();
    const payload: MailPayload = {
      mail,
      userId,
      ...(secretId !== undefined && { secretId }),
      languages: plainText(languages, MAX_LANGUAGES),
      at,
      ip,
      device: userAgent,
    };
    await this.outbox.put(manager, {
      kind: KIND,
      recipient: this.mailboxOf(address),
      payload: { ...payload },
    });
  }

  override async deliver(message: OutboxDelivery): Promise<OutboxOutcome> {
    const payload = message.payload as unknown as MailPayload;
    const { userId, secretId, mail, languages } = payload;
    const account = userId === null ? null : await this.users.findAccountById(userId);
    if (account === null) return 'dropped';
    const secret = secretId === undefined ? undefined : await this.secrets.reveal(secretId);
    if (secret === null) return 'dropped';
    const wait = await this.secondsUntilFree(message.recipient);
    if (wait > 0) return { putOffSeconds: wait };
    const facts: MailFacts = {
      product: this.config.brandName,
      account: account.email,
      name: account.name,
      link: secret === undefined ? '' : `${this.pagesUrl}/${PAGES[mail]}#${secret.token}`,
      code: secret?.code ?? '',
      minutes: Math.max(1, Math.round((secret?.expiresInSeconds ?? 0) / 60)),
      at: new Date(payload.at),
      ip: payload.ip,
      device: payload.device,
    };
    await this.mailer.send({
      ...this.templates.write(mail, { locale: account.locale, acceptLanguage: languages }, facts),
      id: message.id,
      to: account.email,
      purpose: mail,
      links: secret === undefined ? [] : [facts.link],
      code: secret?.code ?? null,
    });
    return 'delivered';
  }

  /** Stands for the mailbox where its order and quota are kept, so that no address is. */
  private mailboxOf(address: string): string {
    const mac = createHmac('sha256', this.mailboxKey).update(emailKey(address));
    return `mailbox:${mac.digest('base64url')}`;
  }

  private async secondsUntilFree(recipient: string): Promise<number> {
    const { count, firstSecondsAgo } = await this.store.deliveredWithin(
      recipient,
      KIND,
      HOUR_SECONDS,
    );
    return count < this.config.perHour ? 0 : Math.ceil(HOUR_SECONDS - firstSecondsAgo) + 1;
  }

  private get pagesUrl(): string {
    const { pagesUrl, publicUrl = this.access.issuer } = this.links;
    return (pagesUrl ?? `${publicUrl.replace(/\/$/, '')}/pages`).replace(/\/$/, '');
  }
}
