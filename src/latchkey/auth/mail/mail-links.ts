import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import { LinksConfig } from './links.config.js';
import type { MailName } from './mail-template.js';

/** Which page of `PAGES_URL` the link of a mail leads to. */
const PAGES: Readonly<Partial<Record<MailName, string>>> = {
  recovery: 'recover',
  'recovery-by-admin': 'recover',
  'email-verification': 'verify',
  'email-sign-in': 'sign-in',
  invitation: 'accept-invitation',
  'email-change': 'confirm-email',
  'email-changed': 'undo-email-change',
  'identity-proof': 'link-identity',
};
/** Those that hand over a code alone. */
const WITHOUT_LINK: ReadonlySet<MailName> = new Set(['factor-enrolment']);
/** That of notices. */
const DEFAULT_PAGE = 'end-sessions';

/** Where links in mails lead. */
@Injectable()
export class MailLinks {
  constructor(
    private readonly links: LinksConfig,
    private readonly access: AccessConfig,
  ) {}

  /** The token is in the fragment, which browsers send to no server. Empty for a mail that has no link. */
  linkOf(mail: MailName, token: string): string {
    if (WITHOUT_LINK.has(mail)) return '';
    return `${this.pageAt(PAGES[mail] ?? DEFAULT_PAGE)}#${token}`;
  }

  /** The address of a page, without a fragment. */
  pageAt(page: string): string {
    const { pagesUrl } = this.links;
    return `${(pagesUrl ?? `${this.publicUrl}/pages`).replace(/\/$/, '')}/${page}`;
  }

  /** How browsers reach this server, without a slash at its end. */
  get publicUrl(): string {
    return (this.links.publicUrl ?? this.access.issuer).replace(/\/$/, '');
  }
}
