import { Injectable, Logger } from '@nestjs/common';
import argon2 from 'argon2';
import { LatchkeyError } from '../../../platform/errors/latchkey-error.js';
import { PasswordsConfig } from '../passwords.config.js';
import { Argon2idHash } from './argon2id-hash.js';
import { HashingGate } from './hashing-gate.js';
import { HashingProcess } from './hashing-process.js';
import { argon2idOptions } from './hashing-work.js';
import type { KnownHash } from './known-hash.js';
import type { PasswordCheck } from './password-check.js';
import { type Lane, OPERATOR_LANE } from './password-check.js';
import { readHash } from './read-hash.js';

/**
 * Hashes by argon2id with one lane, and verifies that and what other systems have hashed, by way of
 * the gate, in a process of their own. Length is the policy's affair: bound it before calling.
 */
@Injectable()
export class PasswordHasher {
  private readonly logger = new Logger(PasswordHasher.name);

  constructor(
    private readonly config: PasswordsConfig,
    private readonly gate: HashingGate,
    private readonly hashing: HashingProcess,
  ) {}

  /**
   * The hash in PHC form, with its own salt and parameters, of the password's normal form.
   *
   * @param lane whose turn it takes
   * @throws LatchkeyError `auth.busy`
   */
  hash(password: string, lane: Lane): Promise<string> {
    const { memoryKib, timeCost } = this.config;
    const work = { task: 'hash', password, memoryKib, timeCost } as const;
    return this.gate.run({ lane }, () => this.hashing.run(work));
  }

  /**
   * Whether the password is the one that was hashed, in its normal form or as it was typed. Without a
   * hash it is false after the work that a hash of the configured cost takes; so it is with one that
   * cannot be verified, which is logged.
   *
   * @throws LatchkeyError `auth.busy`, and what `mayBegin` of the check throws
   */
  verify(hash: string | null, password: string, check: PasswordCheck): Promise<boolean> {
    return this.gate.run(check, () => this.matches(hash, password));
  }

  /**
   * Tries whether hashes of this kind and cost can be verified on this machine.
   *
   * @returns why not; null when they can
   * @throws LatchkeyError `auth.busy`
   */
  async tryOut(hash: KnownHash): Promise<string | null> {
    try {
      await this.gate.run({ lane: OPERATOR_LANE }, () => this.compare(hash.decoy(), ''));
      return null;
    } catch (error) {
      if (error instanceof LatchkeyError) throw error;
      return (error as Error).message;
    }
  }

  /** A hash of the configured cost that no password matches. */
  decoy(): KnownHash {
    const { memoryKib, timeCost } = this.config;
    return Argon2idHash.decoyOf(`m=${memoryKib},t=${timeCost},p=1`);
  }

  /** Whether the hash was made with other parameters than the configured ones, or elsewhere. */
  needsRehash(hash: string): boolean {
    return (
      Argon2idHash.read(hash) === null || argon2.needsRehash(hash, argon2idOptions(this.config))
    );
  }

  private async matches(hash: string | null, password: string): Promise<boolean> {
    if (hash === null) return this.compare(this.decoy(), password);
    const known = readHash(hash);
    try {
      if (known === null) throw new Error('It is of no kind that is known.');
      return await this.compare(known, password);
    } catch (err) {
      if (err instanceof LatchkeyError) throw err;
      const { cost } = known ?? {};
      this.logger.error({ err, cost }, 'A stored password hash cannot be verified');
      return this.compare(this.decoy(), password);
    }
  }

  private compare(hash: KnownHash, password: string): Promise<boolean> {
    return this.hashing.run({ task: 'verify', password, hash: hash.text });
  }
}
