import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal.js';
import { HostCookie } from '../../../platform/http/host-cookie.js';
import { HttpConfig } from '../../../platform/http/http.config.js';
import { oneTimeErrors } from '../../../tokens/one-time/one-time.errors.js';
import { defineOneTimePurpose } from '../../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../../tokens/one-time/one-time-secrets.js';
import type { ShownSecret } from '../../../tokens/one-time/shown-secret.js';

/** Several at once: each tab has its own. */
export const PASSKEY_REGISTRATION = defineOneTimePurpose({
  name: 'passkey-registration',
  lifetimeSeconds: 600,
  diesWith: [],
  inSession: true,
  severalAtOnce: true,
});

/** Nobody is known yet: it is bound to the browser that asked. */
export const PASSKEY_SIGN_IN = defineOneTimePurpose({
  name: 'passkey-sign-in',
  lifetimeSeconds: 600,
  diesWith: [],
  severalAtOnce: true,
});

const NONCE_BYTES = 24;
const NONCE = /^[A-Za-z0-9_-]{32}$/;

/** Knows the browser that has asked for the challenge of a sign-in. */
@Injectable()
export class PasskeyCookie extends HostCookie {
  constructor(config: HttpConfig) {
    super(config, '-passkey');
  }
}

export interface IssuedChallenge {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** The challenges of WebAuthn: one-time secrets, each good for one ceremony. */
@Injectable()
export class PasskeyChallenges {
  constructor(
    private readonly secrets: OneTimeSecrets,
    private readonly cookie: PasskeyCookie,
  ) {}

  issueForRegistration(
    manager: EntityManager,
    { userId, sessionId }: Principal,
    details: Readonly<Record<string, unknown>>,
  ): Promise<IssuedChallenge> {
    const request = { subject: { userId }, sessionId, details };
    return this.secrets.issueToken(manager, PASSKEY_REGISTRATION, request);
  }

  /** All tabs of a browser have one cookie. A program without an origin has none, and keeps the challenge to itself. */
  issueForSignIn(manager: EntityManager, reply: FastifyReply): Promise<IssuedChallenge> {
    const details = isBrowser(reply.request) ? { browser: this.markBrowser(reply) } : {};
    return this.secrets.issueToken(manager, PASSKEY_SIGN_IN, { subject: null, details });
  }

  /** @throws LatchkeyError `auth.proof_invalid` */
  async checkForRegistration({ userId }: Principal, token: string): Promise<ShownSecret> {
    const shown = await this.secrets.check(PASSKEY_REGISTRATION, { token });
    if (shown.userId !== userId) throw oneTimeErrors.proofInvalid();
    return shown;
  }

  /**
   * @param request absent where something else binds it to the browser: a sign-in that has begun, or a session
   * @throws LatchkeyError `auth.proof_invalid`
   */
  async checkForSignIn(token: string, request?: FastifyRequest): Promise<ShownSecret> {
    const shown = await this.secrets.check(PASSKEY_SIGN_IN, { token });
    const { browser } = shown.details;
    if (request === undefined || typeof browser !== 'string') return shown;
    const nonce = this.cookie.read(request);
    if (nonce !== null && digest(nonce) === browser) return shown;
    throw oneTimeErrors.proofInvalid();
  }

  /** @throws LatchkeyError `auth.proof_invalid` when another request was first */
  consume(manager: EntityManager, shown: ShownSecret): Promise<void> {
    return this.secrets.consume(manager, shown);
  }

  private markBrowser(reply: FastifyReply): string {
    const kept = this.cookie.read(reply.request);
    const nonce =
      kept !== null && NONCE.test(kept) ? kept : randomBytes(NONCE_BYTES).toString('base64url');
    this.cookie.write(reply, nonce, PASSKEY_SIGN_IN.lifetimeSeconds);
    return digest(nonce);
  }
}

function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}

function digest(nonce: string): string {
  return createHash('sha256').update(nonce).digest('base64url');
}
