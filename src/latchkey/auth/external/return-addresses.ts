import { Injectable } from '@nestjs/common';
import type { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { MailLinks } from '../mail/mail-links.js';
import { ExternalConfig } from './external.config.js';

export const MAX_RETURN_TO_LENGTH = 1_024;

const message = 'returnTo must be a path of this server, or one of EXTERNAL_RETURN_URLS';

/** Where a sign-in ends: at a path of ours or an address that is listed exactly, and nowhere else. */
@Injectable()
export class ReturnAddresses {
  constructor(
    private readonly config: ExternalConfig,
    private readonly links: MailLinks,
  ) {}

  /**
   * The whole address, without a fragment.
   *
   * @param returnTo absent: the page of the own account
   * @throws LatchkeyError `request.invalid` naming `returnTo`
   */
  resolve(returnTo: string | undefined): string {
    if (returnTo === undefined) return this.links.pageAt('account');
    if (this.config.returnUrls.includes(returnTo)) return returnTo;
    const own = ownPath(returnTo, new URL(this.links.publicUrl).origin);
    if (own === null) throw requestErrors.invalid({ fields: [{ field: 'returnTo', message }] });
    return own;
  }

  /** Where somebody goes on who is signed in: an empty fragment takes the place of the provider's. */
  succeeded(returnTo: string): string {
    return `${returnTo}#`;
  }

  /**
   * Where somebody goes on who is not: the error and its members in the fragment, which no server sees.
   *
   * @param returnTo null where it is not known: the page to sign in
   */
  failed(returnTo: string | null, error: LatchkeyError, provider: string): string {
    const { definition, members = {} } = error;
    const fragment = new URLSearchParams({ error: definition.code, provider });
    for (const [name, value] of Object.entries(members)) fragment.set(name, String(value));
    return `${returnTo ?? this.links.pageAt('sign-in')}#${fragment}`;
  }
}

/** Null for what browsers read as another origin, however it is written. */
export function ownPath(path: string, origin: string): string | null {
  // Neither what browsers drop (tab, line break), nor what they read as a slash.
  if (!/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(path) || path.includes('#')) return null;
  const url = URL.canParse(path, origin) ? new URL(path, origin) : null;
  if (url === null || url.origin !== origin || url.pathname.startsWith('//')) return null;
  return url.href;
}
