import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import { LinksConfig } from '../../auth/mail/links.config.js';
import type { Hints } from './authorization-request.js';

/**
 * Where browsers are sent on the way. Never by the `Host` of a request. To pages of ours relatively: there may be a
 * path prefix in front.
 */
@Injectable()
export class Places {
  constructor(
    private readonly links: LinksConfig,
    private readonly access: AccessConfig,
  ) {}

  /** The sign-in page, which leads back to the request. Whom an app expects is in the fragment, and in no log. */
  signIn(sealed: string, hints: Hints): string {
    const said = new URLSearchParams({ ...hints }).toString();
    const query = new URLSearchParams({ returnTo: this.goOn(sealed) });
    return `${this.pages}/sign-in?${query}${said === '' ? '' : `#${said}`}`;
  }

  /** The page that asks whoever is signed in. What it asks about is in the fragment, which no server sees. */
  question(sealed: string, { ui_locales: locales }: Hints): string {
    const said =
      locales === undefined ? sealed : new URLSearchParams({ token: sealed, ui_locales: locales });
    return `${this.pages}/authorize#${said}`;
  }

  /** Where people type the code of a device: an address that they can type as well. */
  device(): string {
    const { pagesUrl, publicUrl = this.access.issuer } = this.links;
    return `${(pagesUrl ?? `${publicUrl.replace(/\/$/, '')}/pages`).replace(/\/$/, '')}/device`;
  }

  /** The page that asks whether to sign out. The request is in the fragment. */
  signOut(request: string): string {
    return `${this.pages}/sign-out#${request}`;
  }

  /** The authorization endpoint, to go on with a request: a path, or an address where pages are elsewhere. */
  goOn(sealed: string): string {
    const { pagesUrl, publicUrl = this.access.issuer } = this.links;
    const endpoint = `${publicUrl.replace(/\/$/, '')}/oauth/authorize`;
    const query = new URLSearchParams({ continue: sealed });
    return `${pagesUrl === undefined ? new URL(endpoint).pathname : endpoint}?${query}`;
  }

  private get pages(): string {
    const { pagesUrl } = this.links;
    return pagesUrl === undefined ? '../pages' : pagesUrl.replace(/\/$/, '');
  }
}
