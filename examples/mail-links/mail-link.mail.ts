import { Injectable } from '@nestjs/common';
import { IsUrl } from 'class-validator';
import {
  ConfigSlice,
  FeatureMail,
  FromEnv,
  layOutMail,
  type MailReader,
  OneTimeSecrets,
} from '../latchkey/index.js';

export const MAIL_LINK_MAIL = 'mail-link';

@ConfigSlice()
export class MailLinksConfig {
  /** Your page: it posts what stands behind `#` to `/mail-links/redeem`. */
  @FromEnv('MAIL_LINKS_PAGE_URL')
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  pageUrl: string = 'http://localhost:3000/enter';
}

/** Computes the link when it is sent: none waits in a table. */
@Injectable()
export class MailLinkMail extends FeatureMail {
  readonly mail = MAIL_LINK_MAIL;

  constructor(
    private readonly config: MailLinksConfig,
    private readonly oneTime: OneTimeSecrets,
  ) {
    super();
  }

  async write({ email, product }: MailReader, { secretId }: Record<string, unknown>) {
    const secret = await this.oneTime.reveal(String(secretId));
    if (secret === null) return null; // used, or too old by now
    return layOutMail({
      locale: 'en',
      subject: `Sign in to ${product}`,
      paragraphs: [`The link works once, for ${Math.ceil(secret.expiresInSeconds / 60)} minutes.`],
      link: { label: 'Sign in', url: `${this.config.pageUrl}#${secret.token}` },
      footnotes: [`Somebody asked for it for ${email}. If that was not you, leave it.`],
    });
  }
}
