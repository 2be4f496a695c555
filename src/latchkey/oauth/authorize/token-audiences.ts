import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';

/**
 * Whom the access tokens of users at a client are for, where it asks for no resource. Those of the product's own apps are for this API. Those of all
 * others are for the userinfo endpoint alone: whoever signs in at a partner's has not given them the account.
 */
@Injectable()
export class TokenAudiences {
  constructor(private readonly access: AccessConfig) {}

  /** As a claim `aud`. */
  get userinfo(): string {
    return `${this.access.issuer.replace(/\/$/, '')}/oauth/userinfo`;
  }

  /** Whose tokens the userinfo endpoint takes: its own, and those of the product's apps. */
  get ofUserinfo(): string[] {
    return [this.userinfo, this.access.audience];
  }

  /** As an audience, null for this API; and by the name that `resource` may say (RFC 8707 section 2). */
  of({ firstParty }: Pick<RegisteredClient, 'firstParty'>): {
    readonly audience: string | null;
    readonly name: string;
  } {
    return firstParty
      ? { audience: null, name: this.access.audience }
      : { audience: this.userinfo, name: this.userinfo };
  }
}
