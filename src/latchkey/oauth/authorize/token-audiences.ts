import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';

/**
 * Whom the access tokens of users at a client are for. Those of the product's own apps are for this API. Those of all
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

  /** Null: this API. */
  of({ firstParty }: Pick<RegisteredClient, 'firstParty'>): string | null {
    return firstParty ? null : this.userinfo;
  }

  /** What the client may name as `resource` (RFC 8707 section 2). */
  resourcesOf(client: Pick<RegisteredClient, 'firstParty'>): string[] {
    return [this.of(client) ?? this.access.audience];
  }
}
