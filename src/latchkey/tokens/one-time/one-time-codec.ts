import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppSecrets } from '../../platform/config/app-secrets.js';

/** Fixed, so that scanners for leaked secrets recognise what is in a link. */
export const ONE_TIME_TOKEN_PREFIX = 'lko_';
export const TICKET_PREFIX = 'lkt_';

const KEY_BYTES = 32;
const ID_BYTES = 16;
const MAC_BYTES = 32;
const TEXT_BYTES = ID_BYTES + MAC_BYTES;
/** 48 bytes in base64url, after a prefix of four. */
const FORM = /^(?:lko|lkt)_[A-Za-z0-9_-]{64}$/;

/** Crockford's base 32: without I, L, O and U, of which the first three are read as what they look like. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 8;
const BITS_PER_LETTER = 5;

type Kind = 'token' | 'ticket' | 'code';

/** What a secret is computed from, besides the server's own. */
export interface SecretRow {
  readonly id: string;
  readonly purpose: string;
  readonly key: Buffer;
}

/** A token or a ticket as it says of itself: to be believed only once `matches` has said so. */
export interface ParsedSecret {
  readonly kind: 'token' | 'ticket';
  readonly id: string;
  readonly mac: Buffer;
}

/**
 * One-time secrets are computed and never stored. A token is `lko_` and, in base64url, its id and an
 * HMAC-SHA-256 over purpose and id, keyed by a server secret together with the row's own random key; a
 * ticket is the same with another label and `lkt_`. A code is 40 bits of a third one. So neither a copy
 * of the database nor the server's secret alone makes one.
 */
@Injectable()
export class OneTimeCodec {
  private readonly serverKeys: readonly [Buffer, ...Buffer[]];
  private readonly subjectKey: Buffer;

  constructor(secrets: AppSecrets) {
    this.serverKeys = secrets.keysFor('one-time-secret');
    [this.subjectKey] = secrets.keysFor('one-time-subject');
  }

  generateKey(): Buffer {
    return randomBytes(KEY_BYTES);
  }

  /** Stands for an address that no account has, which is stored nowhere. Never the id of an account. */
  subjectOf(unknown: string): string {
    return computedId(createHmac('sha256', this.subjectKey).update(unknown).digest());
  }

  /** Of what somebody else has issued: the same after a rotation of the server's secrets. */
  idOf(parts: readonly string[]): string {
    return computedId(digest(JSON.stringify(parts)));
  }

  token(row: SecretRow): string {
    return this.text(ONE_TIME_TOKEN_PREFIX, 'token', row);
  }

  ticket(row: SecretRow): string {
    return this.text(TICKET_PREFIX, 'ticket', row);
  }

  /** As it is shown: two groups of four. */
  code(row: SecretRow): string {
    const code = lettersOf(macOf('code', row, this.serverKeys[0]));
    return `${code.slice(0, 4)}-${code.slice(4)}`;
  }

  /** Strict: there is one text for a secret (RFC 4648 section 3.5). Nothing is verified yet. */
  parse(text: string): ParsedSecret | null {
    if (!FORM.test(text)) return null;
    const kind = text.startsWith(TICKET_PREFIX) ? 'ticket' : 'token';
    const encoded = text.slice(ONE_TIME_TOKEN_PREFIX.length);
    const bytes = Buffer.from(encoded, 'base64url');
    if (bytes.length !== TEXT_BYTES || bytes.toString('base64url') !== encoded) return null;
    return { kind, id: uuidOf(bytes.subarray(0, ID_BYTES)), mac: bytes.subarray(ID_BYTES) };
  }

  /** Compares in constant time; accepts the MAC of every server secret that is still listed. */
  matches({ kind, mac }: ParsedSecret, row: SecretRow): boolean {
    return this.serverKeys.some((key) => timingSafeEqual(mac, macOf(kind, row, key)));
  }

  /** Whatever the case, with or without dashes and spaces, and with letters for the digits they look like. */
  codeMatches(code: string, row: SecretRow): boolean {
    const typed = digest(normalizeCode(code));
    return this.serverKeys.some((key) =>
      timingSafeEqual(typed, digest(lettersOf(macOf('code', row, key)))),
    );
  }

  private text(prefix: string, kind: Kind, row: SecretRow): string {
    const id = Buffer.from(row.id.replaceAll('-', ''), 'hex');
    const mac = macOf(kind, row, this.serverKeys[0]);
    return prefix + Buffer.concat([id, mac]).toString('base64url');
  }
}

function macOf(kind: Kind, { id, purpose, key }: SecretRow, serverKey: Buffer): Buffer {
  return createHmac('sha256', Buffer.concat([serverKey, key]))
    .update(`latchkey/one-time/v1\0${kind}\0${purpose}\0${id}`)
    .digest();
}

function lettersOf(mac: Buffer): string {
  const value = mac.readBigUInt64BE();
  return Array.from({ length: CODE_LENGTH }, (_, at) =>
    ALPHABET.charAt(Number((value >> BigInt(at * BITS_PER_LETTER)) & 31n)),
  ).join('');
}

function normalizeCode(code: string): string {
  const letters = code.toUpperCase().replace(/[\s-]/g, '');
  return letters.replaceAll('O', '0').replace(/[IL]/g, '1');
}

export function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

// RFC 9562 section 5.8: of a version that no id of ours has that was generated.
function computedId(hash: Buffer): string {
  const bytes = hash.subarray(0, ID_BYTES);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return uuidOf(bytes);
}

// Of any 16 bytes: what is presented need not be a UUID of a known version.
function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
