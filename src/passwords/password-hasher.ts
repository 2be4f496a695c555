import { Injectable } from '@nestjs/common';
import argon2 from 'argon2';
import { Argon2idHash } from './argon2id-hash.js';
import { HashingGate } from './hashing-gate.js';
import { HashingProcess } from './hashing-process.js';
import { argon2idOptions } from './hashing-work.js';
import type { KnownHash } from './known-hash.js';
import { PasswordsConfig } from './passwords.config.js';
import { readHash } from './read-hash.js';

/**
 * Hashes by argon2id with one lane, and verifies that and what other systems have hashed, by way of
 * the gate, in a process of their own. Length is the policy's affair: bound it before calling.
 */
@Injectable()
export class PasswordHasher {
  constructor(
    private readonly config: PasswordsConfig,
    private readonly gate: HashingGate,
    private readonly hashing: HashingProcess,
  ) {}

  /**
   * The hash in PHC form, with its own salt and parameters, of the password's normal form.
   *
   * @throws LatchkeyError `auth.busy`
   */
  hash(password: string): Promise<string> {
    const { memoryKib, timeCost } = this.config;
    const work = { task: 'hash', password, memoryKib, timeCost } as const;
    return this.gate.run(() => this.hashing.run(work));
  }

  /**
   * Whether the password is the one that was hashed. Without a hash, or with one of an unknown
   * kind, it is false after the work that a hash of the configured cost takes.
   *
   * @throws LatchkeyError `auth.busy`
   */
  verify(hash: string | null, password: string): Promise<boolean> {
    const known = (hash === null ? null : readHash(hash)) ?? this.decoy();
    const work = { task: 'verify', password, hash: known.text } as const;
    return this.gate.run(() => this.hashing.run(work));
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
}
