import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { type SignInAccount } from '../../users/accounts/sign-in-account.js';

export type MarkedAccount = Pick<SignInAccount, 'id' | 'passwordVersion'>;

const LABEL = 'latchkey/device-mark/v1';
const DEVICE_ID_BYTES = 16;
const MAC_BYTES = 32;

/** 48 bytes in base64url. */
export const DEVICE_MARK = /^[A-Za-z0-9_-]{64}$/;

/**
 * What a device keeps of having signed in to an account: a random id and a MAC by which the server
 * knows it again. It says nothing about the account, and is worth nothing once the account has
 * another password.
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

function macOf(deviceId: Buffer, { id, passwordVersion }: MarkedAccount, key: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(`${LABEL}\0${id}\0${passwordVersion}\0`)
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
