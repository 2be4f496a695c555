import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppSecrets } from '../../../platform/config/app-secrets.js';
import type { FamilyKey } from '../refresh/family-key.js';

/** Fixed, so that scanners for leaked secrets recognise one. */
const PREFIX = 'lkb_';
const LABEL = 'latchkey/sso-token/v1\0';
/** 48 bytes in base64url. */
const FORM = /^lkb_[A-Za-z0-9_-]{64}$/;
const ID_BYTES = 16;

/** An SSO token as it says of itself: to be believed only once `matches` has said so. */
export interface ParsedSsoToken {
  readonly sessionId: string;
  readonly mac: Buffer;
}

/**
 * By an SSO token a browser is known at the authorization endpoint: `lkb_` and, in base64url, the session's id and an
 * HMAC-SHA-256 over it, keyed by a server secret together with the family's own random key. Like refresh
 * tokens it is computed and never stored; it is no refresh token, and none is one.
 */
@Injectable()
export class SsoTokenCodec {
  private readonly serverKeys: readonly [Buffer, ...Buffer[]];

  constructor(secrets: AppSecrets) {
    this.serverKeys = secrets.keysFor('sso-token');
  }

  encode(sessionId: string, familyKey: FamilyKey): string {
    const id = Buffer.from(sessionId.replaceAll('-', ''), 'hex');
    const mac = macOf(sessionId, familyKey, this.serverKeys[0]);
    return PREFIX + Buffer.concat([id, mac]).toString('base64url');
  }

  /** Nothing is verified yet. */
  parse(text: string): ParsedSsoToken | null {
    if (!FORM.test(text)) return null;
    const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
    const hex = bytes.toString('hex', 0, ID_BYTES);
    const sessionId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return { sessionId, mac: bytes.subarray(ID_BYTES) };
  }

  /** Compares in constant time; accepts the MAC of every server secret that is still listed. */
  matches({ sessionId, mac }: ParsedSsoToken, familyKey: FamilyKey): boolean {
    return this.serverKeys.some((key) => timingSafeEqual(mac, macOf(sessionId, familyKey, key)));
  }
}

function macOf(sessionId: string, familyKey: FamilyKey, serverKey: Buffer): Buffer {
  const key = familyKey.joinedTo(serverKey);
  return createHmac('sha256', key).update(LABEL).update(sessionId).digest();
}
