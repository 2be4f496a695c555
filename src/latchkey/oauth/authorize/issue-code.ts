import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { AuthorizationRequest } from './authorization-request.js';

export const AUTHORIZATION_CODE = defineOneTimePurpose({
  name: 'authorization-code',
  lifetimeSeconds: 60,
  diesWith: [],
  inSession: true,
  severalAtOnce: true,
});

/** What is kept with a code until it is redeemed. */
export interface CodeDetails {
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly audience: string | null;
  readonly nonce?: string;
  /** The session that it has begun, once it has been redeemed. */
  readonly gave?: string;
}

/** Issues authorization codes: one-time secrets of a minute, in the session of the sign-in. */
@Injectable()
export class IssueCode {
  constructor(
    private readonly dataSource: DataSource,
    private readonly secrets: OneTimeSecrets,
  ) {}

  async issue(
    { client, redirectUri, codeChallenge, scope, audience, nonce }: AuthorizationRequest,
    session: { readonly id: string; readonly userId: string },
  ): Promise<string> {
    const details: CodeDetails = {
      clientId: client.id,
      scope,
      audience,
      ...(nonce !== undefined && { nonce }),
    };
    const { token } = await this.dataSource.transaction((manager) =>
      this.secrets.issueToken(manager, AUTHORIZATION_CODE, {
        subject: { userId: session.userId },
        sessionId: session.id,
        boundTo: bindingOf({ clientId: client.id, redirectUri, codeChallenge }),
        details: { ...details },
      }),
    );
    return token;
  }
}

/** The client, the redirect URI and the verifier that a code is good with, and with no other (ASVS 10.4.2). */
export function bindingOf(to: {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
}): string {
  return JSON.stringify([to.clientId, to.redirectUri, to.codeChallenge]);
}

/** RFC 7636 section 4.2. */
export function s256(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}
