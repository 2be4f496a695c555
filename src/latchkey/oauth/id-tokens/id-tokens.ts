import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AccessConfig } from '../../access/access.config.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { SigningKeys } from '../../tokens/keys/signing-keys.js';
import type { LiveSession } from '../../tokens/sessions/refresh/live-session.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';

const LIFETIME_SECONDS = 600;

export interface IdTokenOccasion {
  /** The session at the client. */
  readonly session: LiveSession;
  readonly accessToken: string;
  readonly nonce: string | undefined;
}

/** Issues ID tokens (OpenID Connect Core section 2): who has signed in, how and when, told to one client. */
@Injectable()
export class IdTokens implements OnModuleInit {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly access: AccessConfig,
    private readonly config: SingleSignOnConfig,
  ) {}

  /** @throws StartupError where clients could not verify what they are told */
  onModuleInit(): void {
    if (!this.config.isOn || this.access.algorithm !== 'HS256') return;
    throw new StartupError(
      'SINGLE_SIGN_ON=on needs keys that clients can verify with: set JWT_ALGORITHM to ES256, RS256 or PS256.',
    );
  }

  /** What there is to say of a person is at the userinfo endpoint. */
  issue({ session, accessToken, nonce }: IdTokenOccasion): string {
    const issuedAt = Math.floor(session.seenLiveAtMilliseconds / 1000);
    const claims = {
      iss: this.access.issuer,
      sub: session.userId,
      aud: session.clientId,
      exp: issuedAt + LIFETIME_SECONDS,
      iat: issuedAt,
      auth_time: session.authTime,
      ...(nonce !== undefined && { nonce }),
      acr: session.acr,
      amr: session.amr,
      sid: session.id,
      at_hash: atHashOf(accessToken),
    };
    const { kid, algorithm, privateKey } = this.keys.current();
    // No `at+jwt`: no verifier of access tokens takes it for one.
    const header = { alg: algorithm, kid, typ: 'JWT' };
    return this.jwt.sign(claims, { algorithm, privateKey, header });
  }
}

/** Section 3.1.3.6: the left half of the hash that the signature has, which is SHA-256 of each algorithm here. */
function atHashOf(accessToken: string): string {
  const hash = createHash('sha256').update(accessToken, 'ascii').digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
