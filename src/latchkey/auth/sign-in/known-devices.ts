import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppSecrets } from '../../platform/config/app-secrets.js';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { type SignInAccount } from '../../users/accounts/sign-in-account.js';
import { Users } from '../../users/accounts/users.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';

export type MarkedAccount = Pick<SignInAccount, 'id' | 'passwordVersion'> &
  Partial<Pick<SignInAccount, 'oldestFactorId'>>;

const LABEL = 'latchkey/device-mark/v1';
const DEVICE_ID_BYTES = 16;
const MAC_BYTES = 32;

/** 48 bytes in base64url. */
export const DEVICE_MARK = /^[A-Za-z0-9_-]{64}$/;

/**
 * What a device keeps of having signed in to an account: a random id and a MAC by which the server
 * knows it again. It says nothing about the account, and is worth nothing once the account has
 * another password, or its first factor: whoever has signed in by a stolen password alone is a stranger then.
 */
export function makeDeviceMark(deviceId: Buffer, account: MarkedAccount, key: Buffer): string {
  return Buffer.concat([deviceId, macOf(deviceId, account, key)]).toString('base64url');
}

/** The device's id, if one of the keys has made the mark for this account and password. */
export function deviceIdOf(
  mark: string,
  account: MarkedAccount,
  keys: readonly Buffer[],
): Buffer | null {
  const bytes = Buffer.from(mark, 'base64url');
  const mac = bytes.subarray(DEVICE_ID_BYTES);
  if (mac.length !== MAC_BYTES) return null;
  const deviceId = bytes.subarray(0, DEVICE_ID_BYTES);
  const isOurs = keys.some((key) => timingSafeEqual(mac, macOf(deviceId, account, key)));
  return isOurs ? deviceId : null;
}

function macOf(
  deviceId: Buffer,
  { id, passwordVersion, oldestFactorId = null }: MarkedAccount,
  key: Buffer,
): Buffer {
  const factor = oldestFactorId === null ? '' : `${oldestFactorId}\0`;
  return createHmac('sha256', key)
    .update(`${LABEL}\0${id}\0${passwordVersion}\0${factor}`)
    .update(deviceId)
    .digest();
}

/** Carries the marks of the accounts that somebody has signed in to from this device. */
@Injectable()
export class DeviceCookie extends HostCookie {
  constructor(config: HttpConfig) {
    super(config, '-device');
  }
}

/** People share browsers, and have more than one account. */
const MAX_MARKS = 5;
/** 400 days: browsers keep no cookie longer (RFC 6265bis section 5.5). */
const MAX_AGE_SECONDS = 34_560_000;

/**
 * Devices that have signed in to an account before, known again by a cookie (OWASP, Slow Down
 * Online Guessing Attacks with Device Cookies). The cookie authenticates nothing: it only decides
 * whose failures an attempt is counted with.
 *
 * A mark ends with the account's password, and with its oldest factor, since an attacker who knew the old one could have
 * collected marks for guessing at the new one. It outlives signing out, also everywhere: otherwise
 * a stolen session could make strangers of all devices of its owner.
 */
@Injectable()
export class KnownDevices {
  private readonly logger = new Logger(KnownDevices.name);
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    private readonly cookie: DeviceCookie,
    private readonly users: Users,
    private readonly config: ThrottleConfig,
    secrets: AppSecrets,
  ) {
    this.keys = secrets.keysFor('device-cookie');
  }

  /** What names the device at the account of this address; null for a stranger. */
  async find(request: FastifyRequest, email: string): Promise<string | null> {
    const marks = this.marksOf(request);
    if (marks.length === 0) return null;
    const account = await this.users.findForSignIn(email);
    if (account === null) return null;
    const known = this.findIn(marks, account);
    return known && `${account.id} ${known.deviceId.toString('base64url')}`;
  }

  /** Whether somebody has signed in to the account from this device. */
  knows(request: FastifyRequest, account: MarkedAccount): boolean {
    return this.findIn(this.marksOf(request), account) !== null;
  }

  /** Call it when somebody has proven from this device that they know the account's password. */
  remember(reply: FastifyReply, account: MarkedAccount): void {
    if (!this.config.enabled) return;
    const marks = this.marksOf(reply.request);
    const known = this.findIn(marks, account);
    const deviceId = known?.deviceId ?? randomBytes(DEVICE_ID_BYTES);
    const mark = makeDeviceMark(deviceId, account, this.keys[0]);
    const others = marks.filter((other) => other !== known?.mark);
    const kept = [mark, ...others].slice(0, MAX_MARKS);
    this.cookie.write(reply, kept.join('.'), MAX_AGE_SECONDS);
  }

  /** The same after the password has been changed from this device. Never fails: it has been. */
  async rememberUser(reply: FastifyReply, userId: string): Promise<void> {
    if (!this.config.enabled) return;
    try {
      const account = await this.users.findAccountById(userId);
      if (account !== null) this.remember(reply, account);
    } catch (err) {
      this.logger.warn({ userId, err }, 'A device could not be remembered');
    }
  }

  private findIn(marks: readonly string[], account: MarkedAccount) {
    for (const mark of marks) {
      const deviceId = deviceIdOf(mark, account, this.keys);
      if (deviceId !== null) return { mark, deviceId };
    }
    return null;
  }

  private marksOf(request: FastifyRequest): string[] {
    const marks = this.cookie.read(request)?.split('.', MAX_MARKS) ?? [];
    return marks.filter((mark) => DEVICE_MARK.test(mark));
  }
}
