import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import type { LiveSession } from '../../tokens/sessions/refresh/live-session.js';
import { ClientTokenSigner } from './client-token-signer.js';
import type { IdTokenAlgorithm } from './id-token-algorithm.js';

const LIFETIME_SECONDS = 600;

export interface IdTokenOccasion {
  /** The session at the client. */
  readonly session: LiveSession;
  readonly accessToken: string;
  readonly nonce: string | undefined;
  /** What the client is registered with. */
  readonly algorithm: IdTokenAlgorithm;
  /** The `client_id` that the client calls itself by. */
  readonly audience: string;
}

/** Issues ID tokens (OpenID Connect Core section 2): who has signed in, how and when, told to one client. */
@Injectable()
export class IdTokens {
  constructor(
    private readonly signer: ClientTokenSigner,
    private readonly access: AccessConfig,
  ) {}

  /** What there is to say of a person is at the userinfo endpoint. */
  issue({ session, accessToken, nonce, algorithm, audience }: IdTokenOccasion): string {
    const issuedAt = Math.floor(session.seenLiveAtMilliseconds / 1000);
    const claims = {
      iss: this.access.issuer,
      sub: session.userId,
      aud: audience,
      exp: issuedAt + LIFETIME_SECONDS,
      iat: issuedAt,
      auth_time: session.authTime,
      ...(nonce !== undefined && { nonce }),
      acr: session.acr,
      amr: session.amr,
      sid: session.id,
      at_hash: atHashOf(accessToken),
    };
    // No `at+jwt`: no verifier of access tokens takes it for one.
    return this.signer.sign(claims, { typ: 'JWT', algorithm });
  }
}

/** Section 3.1.3.6: the left half of the hash that the signature has, which is SHA-256 of each algorithm here. */
function atHashOf(accessToken: string): string {
  const hash = createHash('sha256').update(accessToken, 'ascii').digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
