import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import { Clock } from '../../platform/clock/clock.js';
import { ClientTokenSigner } from '../id-tokens/client-token-signer.js';
import type { IdTokenAlgorithm } from '../id-tokens/id-token-algorithm.js';
import type { ToldLogout } from './tell-clients.js';

const LIFETIME_SECONDS = 120;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * Issues logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.4), by which a client knows that a session of
 * its is over. None is an ID token: it has a type of its own, and never a nonce.
 */
@Injectable()
export class LogoutTokens {
  constructor(
    private readonly signer: ClientTokenSigner,
    private readonly access: AccessConfig,
    private readonly clock: Clock,
  ) {}

  /** Signed as the client's ID tokens are, by the key that is current now; good for two minutes. */
  issue({ clientId, userId, sessionId, tokenId }: ToldLogout, algorithm: IdTokenAlgorithm): string {
    const issuedAt = Math.floor(this.clock.now() / 1000);
    const claims = {
      iss: this.access.issuer,
      aud: clientId,
      sub: userId,
      sid: sessionId,
      iat: issuedAt,
      exp: issuedAt + LIFETIME_SECONDS,
      jti: tokenId,
      events: { [EVENT]: {} },
    };
    return this.signer.sign(claims, { typ: 'logout+jwt', algorithm });
  }
}
