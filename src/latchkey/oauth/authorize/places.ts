import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import { LinksConfig } from '../../auth/mail/links.config.js';

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

  /** The sign-in page, which leads back to the request. */
  signIn(sealed: string): string {
    return `${this.pages}/sign-in?${new URLSearchParams({ returnTo: this.goOn(sealed) })}`;
  }

  /** The page that asks whoever is signed in. What it asks about is in the fragment, which no server sees. */
  question(sealed: string): string {
    return `${this.pages}/authorize#${sealed}`;
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
