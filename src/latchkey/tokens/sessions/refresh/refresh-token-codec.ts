import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppSecrets } from '../../../platform/config/app-secrets.js';
import type { FamilyKey } from './family-key.js';

/** Fixed, so that scanners for leaked secrets recognise a refresh token. */
export const REFRESH_TOKEN_PREFIX = 'lkr_';

const MAC_LABEL = 'latchkey/refresh-token/v1\0';
const SESSION_ID_BYTES = 16;
const BODY_BYTES = SESSION_ID_BYTES + 4;
const MAC_BYTES = 32;
const TOKEN_LENGTH = REFRESH_TOKEN_PREFIX.length + Math.ceil(((BODY_BYTES + MAC_BYTES) * 8) / 6);

/** What a refresh token says about itself: to be believed only once `verify` has said so. */
export interface ParsedRefreshToken {
  readonly sessionId: string;
  readonly generation: number;
  readonly body: Buffer;
  readonly mac: Buffer;
}

/**
 * Refresh tokens are computed and never stored: `lkr_` and, in base64url, session id,
 * generation (32 bits, big-endian) and an HMAC-SHA-256 over both. It is keyed by a server secret
 * together with the family's own random key.
 */
@Injectable()
export class RefreshTokenCodec {
  private readonly serverKeys: readonly [Buffer, ...Buffer[]];

  constructor(secrets: AppSecrets) {
    this.serverKeys = secrets.keysFor('refresh-token');
  }

  /** The same arguments give the same token, as long as the newest server secret stays. */
  encode(sessionId: string, generation: number, familyKey: FamilyKey): string {
    const body = Buffer.alloc(BODY_BYTES);
    body.write(sessionId.replaceAll('-', ''), 'hex');
    body.writeUInt32BE(generation, SESSION_ID_BYTES);
    const mac = macOf(body, familyKey, this.serverKeys[0]);
    return REFRESH_TOKEN_PREFIX + Buffer.concat([body, mac]).toString('base64url');
  }

  /**
   * Strict: there is exactly one text for a token (canonical base64url, RFC 4648 section 3.5).
   * Nothing is verified yet. Null when the text cannot be a refresh token.
   */
  parse(token: string): ParsedRefreshToken | null {
    if (token.length !== TOKEN_LENGTH || !token.startsWith(REFRESH_TOKEN_PREFIX)) return null;
    const text = token.slice(REFRESH_TOKEN_PREFIX.length);
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes.toString('base64url') !== text) {
      return null;
    }
    const body = bytes.subarray(0, BODY_BYTES);
    return {
      sessionId: uuidOf(body.subarray(0, SESSION_ID_BYTES)),
      generation: body.readUInt32BE(SESSION_ID_BYTES),
      body,
      mac: bytes.subarray(BODY_BYTES),
    };
  }

  /** Compares in constant time; accepts the MAC of every server secret that is still listed. */
  verify(token: ParsedRefreshToken, familyKey: FamilyKey): boolean {
    return this.serverKeys.some((serverKey) =>
      timingSafeEqual(token.mac, macOf(token.body, familyKey, serverKey)),
    );
  }
}

// Of any 16 bytes: nothing vouches for them yet, so they need not be a UUID of a known version.
function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function macOf(body: Buffer, familyKey: FamilyKey, serverKey: Buffer): Buffer {
  const key = familyKey.joinedTo(serverKey);
  return createHmac('sha256', key).update(MAC_LABEL).update(body).digest();
}
