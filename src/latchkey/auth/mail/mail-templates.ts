import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartupError } from '../../platform/errors/startup-error.js';
import type { WrittenMail } from '../../platform/mail/written-mail.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { type MailFacts, type MailName, MailTemplate } from './mail-template.js';
import { OWN_TEMPLATES } from './own-templates.js';

const DEFAULT_LOCALE = 'en';

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

  /** @param wanted as `Accept-Language` has it (RFC 9110 section 12.5.4) */
  write(mail: MailName, wanted: string, facts: MailFacts): WrittenMail {
    for (const locale of [...localesIn(wanted), DEFAULT_LOCALE]) {
      const provided = this.provided.get(`${mail} ${locale}`);
      if (provided !== undefined) return provided.write(facts);
      const own = OWN_TEMPLATES.get(locale);
      if (own !== undefined) return own[mail](facts);
    }
    throw new Error(`There is no mail "${mail}".`);
  }
}

/** The most wanted first, each followed by its language alone. */
function localesIn(acceptLanguage: string): string[] {
  const ranges = acceptLanguage
    .toLowerCase()
    .split(',')
    .map((range, index) => {
      const [locale = '', quality = 'q=1'] = range.trim().split(/\s*;\s*/);
      return { locale, index, quality: Number(quality.slice(2)) || 0 };
    });
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.index - b.index)
    .flatMap(({ locale }) => [locale, locale.split('-')[0] ?? locale]);
}
