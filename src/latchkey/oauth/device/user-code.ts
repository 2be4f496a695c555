import { createHmac, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppSecrets } from '../../platform/config/app-secrets.js';

/** Consonants: no word, and nothing that looks like something else (RFC 8628 section 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

/** What people type from a device: eight of twenty letters, 34.5 bits. Stored as an HMAC alone. */
@Injectable()
export class UserCodes {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(secrets: AppSecrets) {
    this.keys = secrets.keysFor('device-user-code');
  }

  /** As it is shown: two groups of four. */
  generate(): string {
    const letters = Array.from({ length: LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length)));
    return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
  }

  /** What is stored of it. */
  hash(code: string): Buffer {
    return hashed(code, this.keys[0]);
  }

  /** What may be stored of what somebody has typed, in any case, with dashes and spaces or without. */
  hashes(typed: string): Buffer[] {
    return this.keys.map((key) => hashed(typed, key));
  }
}

function hashed(code: string, key: Buffer): Buffer {
  const letters = code.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return createHmac('sha256', key).update(letters).digest();
}
