import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppSecrets } from '../../platform/config/app-secrets.js';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { normalizePassword } from '../../users/passwords/password-text.js';
import {
  DEVICE_MARK,
  deviceIdOf,
  type MarkedAccount,
  makeDeviceMark,
} from '../sign-in/known-devices.js';
import { EMAIL_VERIFICATION } from './verification-mail.js';

const NONCE_BYTES = 16;

/** What somebody has asked to register. */
export interface Claim {
  readonly email: string;
  readonly password: string;
}

/** Carries the marks of the last registration. */
@Injectable()
export class RegistrationCookie extends HostCookie {
  constructor(config: HttpConfig) {
    super(config, '-registration');
  }
}

/**
 * Knows the browser that an account was registered from, by a cookie for as long as the mail to its
 * address is good. The cookie holds two marks, each a random nonce and a MAC: of the account and its
 * password, and of what was asked for. A refused registration gets two as well, the first of which is
 * of no account, so that the cookie does not tell which addresses are known.
 */
@Injectable()
export class RegisteringBrowser {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    private readonly cookie: RegistrationCookie,
    secrets: AppSecrets,
  ) {
    this.keys = secrets.keysFor('registration-cookie');
  }

  /** @param account the one that was made; null where the address was taken */
  remember(reply: FastifyReply, claim: Claim, account: MarkedAccount | null): void {
    const made = account ?? { id: randomUUID(), passwordVersion: 1 };
    const [key] = this.keys;
    const marks = [made, subjectOf(claim, key)].map((subject) =>
      makeDeviceMark(randomBytes(NONCE_BYTES), subject, key),
    );
    this.cookie.write(reply, marks.join('.'), EMAIL_VERIFICATION.lifetimeSeconds);
  }

  /** Whether the account was registered here, and has the password of then. */
  hasRegistered(request: FastifyRequest, account: MarkedAccount): boolean {
    const { id, passwordVersion } = account;
    return this.hasMarkOf(request, { id, passwordVersion });
  }

  /** Whether this was asked for here: it may have been refused. */
  hasClaimed(request: FastifyRequest, claim: Claim): boolean {
    return this.keys.some((key) => this.hasMarkOf(request, subjectOf(claim, key)));
  }

  private hasMarkOf(request: FastifyRequest, subject: MarkedAccount): boolean {
    const marks = this.cookie.read(request)?.split('.', 2) ?? [];
    return marks.some(
      (mark) => DEVICE_MARK.test(mark) && deviceIdOf(mark, subject, this.keys) !== null,
    );
  }
}

/** Stands for what was asked for where a mark names an account, whose id is a UUID. */
function subjectOf({ email, password }: Claim, key: Buffer): MarkedAccount {
  const mac = createHmac('sha256', key)
    .update(`${emailKey(email)}\0${normalizePassword(password)}`)
    .digest('base64url');
  return { id: mac, passwordVersion: 0 };
}
