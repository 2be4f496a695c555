import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartupError } from '../../platform/errors/startup-error.js';
import { localesIn } from '../../platform/mail/locale.js';
import type { WrittenMail } from '../../platform/mail/written-mail.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { type MailFacts, type MailName, MailTemplate } from './mail-template.js';
import { OWN_TEMPLATES } from './own-templates.js';

const DEFAULT_LOCALE = 'en';

export interface WantedLanguages {
  readonly locale: string | null;
  readonly acceptLanguage: string;
}

/** Which words a mail is written in: a team's, else Latchkey's, in the language that is wanted most. */
@Injectable()
export class MailTemplates implements OnModuleInit {
  private readonly provided = new Map<string, MailTemplate>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws StartupError when two templates are for the same mail and language */
  onModuleInit(): void {
    for (const template of findProvided(this.discovery, MailTemplate)) {
      const key = `${template.mail} ${template.locale}`;
      if (this.provided.has(key))
        throw new StartupError(`There are two templates for the mail "${key}".`);
      this.provided.set(key, template);
    }
  }

  /** The language that somebody wants most of those in which there are mails; null: none of them. */
  localeOf(acceptLanguage: string): string | null {
    const provided = new Set([...this.provided.values()].map(({ locale }) => locale));
    const known = (locale: string) => OWN_TEMPLATES.has(locale) || provided.has(locale);
    return localesIn(acceptLanguage).find(known) ?? null;
  }

  /**
   * @param locale the account's, which goes before the others
   * @param acceptLanguage of the request (RFC 9110 section 12.5.4)
   */
  write(
    mail: MailName,
    { locale, acceptLanguage }: WantedLanguages,
    facts: MailFacts,
  ): WrittenMail {
    const wanted = [...localesIn(locale ?? ''), ...localesIn(acceptLanguage), DEFAULT_LOCALE];
    for (const locale of wanted) {
      const provided = this.provided.get(`${mail} ${locale}`);
      if (provided !== undefined) return provided.write(facts);
      const own = OWN_TEMPLATES.get(locale);
      if (own !== undefined) return own[mail](facts);
    }
    throw new Error(`There is no mail "${mail}".`);
  }
}
