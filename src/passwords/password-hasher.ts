import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import argon2 from 'argon2';
import { HashingGate } from './hashing-gate.js';
import { normalizePassword } from './normalize-password.js';
import { PasswordsConfig } from './passwords.config.js';

const ARGON2ID = /^\$argon2id\$/;

/**
 * argon2id (RFC 9106) with one lane, by way of the gate. A password counts in the form NFKC
 * (SP 800-63B-4, 3.1.1.2), so that the same characters typed on another keyboard match; nothing
 * is trimmed, folded or cut off. Length is the policy's affair: bound it before calling.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  /** What a sign-in without a hash is checked against: the same work, and nobody's password. */
  private dummyHash = '';

  constructor(
    private readonly config: PasswordsConfig,
    private readonly gate: HashingGate,
  ) {}

  async onModuleInit(): Promise<void> {
    this.dummyHash = await this.hash(randomBytes(32).toString('base64url'));
  }

  /**
   * The hash in PHC form, with its own salt and parameters.
   *
   * @throws LatchkeyError `auth.busy`
   */
  hash(password: string): Promise<string> {
    return this.gate.run(() => argon2.hash(normalizePassword(password), this.parameters));
  }

  /**
   * Whether the password is the one that was hashed. Without a hash, or with one of an unknown
   * kind, it is false after the same work, so that the time tells nothing about an account.
   *
   * @throws LatchkeyError `auth.busy`
   */
  verify(hash: string | null, password: string): Promise<boolean> {
    const known = hash !== null && ARGON2ID.test(hash);
    return this.gate.run(async () => {
      const matches = await argon2.verify(
        known ? hash : this.dummyHash,
        normalizePassword(password),
      );
      return known && matches;
    });
  }

  /** Whether the hash was made with other parameters than the configured ones. */
  needsRehash(hash: string): boolean {
    return !ARGON2ID.test(hash) || argon2.needsRehash(hash, this.parameters);
  }

  private get parameters() {
    return {
      type: argon2.argon2id,
      memoryCost: this.config.memoryKib,
      timeCost: this.config.timeCost,
      parallelism: 1,
    } as const;
  }
}
