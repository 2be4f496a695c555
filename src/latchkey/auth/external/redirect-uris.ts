import { Injectable } from '@nestjs/common';
import { MailLinks } from '../mail/mail-links.js';

/** Where providers send browsers back to: an address of its own for each (RFC 9700 section 4.4.2.2). */
@Injectable()
export class RedirectUris {
  constructor(private readonly links: MailLinks) {}

  of(provider: string): string {
    return `${this.links.publicUrl}/auth/external/${provider}/callback`;
  }
}
