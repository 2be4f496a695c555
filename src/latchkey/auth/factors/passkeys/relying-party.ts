import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../../access/access.config.js';
import type { Expectations } from '../../../users/factors/webauthn/client-data.js';
import { LinksConfig } from '../../mail/links.config.js';
import { WebAuthnConfig } from './webauthn.config.js';

/** Whom passkeys are shown to: the domain, and the origins that may ask for them. */
@Injectable()
export class RelyingParty {
  readonly id: string;
  readonly origins: readonly string[];

  constructor(config: WebAuthnConfig, links: LinksConfig, { issuer }: AccessConfig) {
    const { hostname, origin } = new URL(links.publicUrl ?? issuer);
    this.id = config.rpId ?? hostname;
    this.origins = config.origins.length > 0 ? config.origins : [origin];
  }

  /** @param requireUserVerification where the passkey is all that is shown */
  expect(challenge: string, requireUserVerification: boolean): Expectations {
    return { rpId: this.id, origins: this.origins, challenge, requireUserVerification };
  }
}
