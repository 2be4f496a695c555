import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { AccessConfig } from '../../access/access.config.js';
import { CLOCK_LEEWAY_SECONDS } from '../../access/verification/access-token-limits.js';
import { Clock } from '../../platform/clock/clock.js';
import { CLIENT_KEY_ALGORITHMS, type PublicJwks } from '../clients/public-jwks.js';
import { UsedAssertions } from './used-assertions.js';

/** By then it has to be shown: those that have been are remembered for no longer. */
const MAX_LIFETIME_SECONDS = 300;
const MAX_JTI_LENGTH = 255;

/**
 * Judges what clients show in place of a secret: a JWT that they have signed (`private_key_jwt`, RFC 7523 section 3,
 * OpenID Connect Core section 9).
 */
@Injectable()
export class ClientAssertions {
  constructor(
    private readonly access: AccessConfig,
    private readonly clock: Clock,
    private readonly used: UsedAssertions,
  ) {}

  /**
   * Whether it is signed by a key of this client, says so of itself, is for us alone, ends within five minutes, and
   * is shown for the first time. From then on it is good for nothing.
   */
  async isShown(assertion: string, clientId: string, jwks: PublicJwks): Promise<boolean> {
    const claims = await this.verify(assertion, clientId, jwks);
    if (claims === null) return false;
    const { jti, exp = 0, aud } = claims;
    const now = this.clock.now() / 1000;
    if (exp - now > MAX_LIFETIME_SECONDS + CLOCK_LEEWAY_SECONDS) return false;
    if (Array.isArray(aud) && aud.length > 1) return false;
    if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH) return false;
    return this.used.use(clientId, jti, exp);
  }

  private async verify(
    assertion: string,
    clientId: string,
    jwks: PublicJwks,
  ): Promise<JWTPayload | null> {
    const { issuer } = this.access;
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet({ keys: [...jwks.keys] }), {
        issuer: clientId,
        subject: clientId,
        audience: [issuer, `${issuer.replace(/\/$/, '')}/oauth/token`],
        algorithms: [...CLIENT_KEY_ALGORITHMS],
        requiredClaims: ['exp', 'jti'],
        currentDate: new Date(this.clock.now()),
        clockTolerance: CLOCK_LEEWAY_SECONDS,
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
