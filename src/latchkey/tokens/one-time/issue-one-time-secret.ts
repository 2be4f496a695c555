import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { takeLockOf } from '../../platform/database/advisory-locks.js';
import { type AccountState, AccountStates } from './account-states.js';
import type { LiveSecret } from './live-secret.js';
import { digest, OneTimeCodec } from './one-time-codec.js';
import { type AtOnce, OneTimeInsertion } from './one-time-insertion.js';
import type { OneTimePurpose } from './one-time-purpose.js';

/** What a secret is about: an account, an address that no account has, or no account yet. */
export type OneTimeSubject = { readonly userId: string } | { readonly unknown: string } | null;

/** What is issued: about whom, and for which client. */
export interface OneTimeRequest {
  readonly subject: OneTimeSubject;
  /** Of purposes that are issued in a session. */
  readonly sessionId?: string;
  /** What the asking client keeps: it is good only together with this. */
  readonly boundTo?: string;
  /**
   * What has to be known when it is redeemed. No secret, and nothing that says much of a person. By `at`, a time,
   * alone none is another one.
   */
  readonly details?: Record<string, unknown>;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
/** Of a purpose that anybody may ask for: so many are good at once of one account. */
const ANYBODYS: AtOnce = { most: 3, isShared: 'young or full' };
const ONE: AtOnce = { most: 1, isShared: 'young or full' };

/** Puts secrets and their tickets into the database. */
@Injectable()
export class IssueOneTimeSecret {
  constructor(
    private readonly insertion: OneTimeInsertion,
    private readonly codec: OneTimeCodec,
    private readonly accounts: AccountStates,
  ) {}

  /**
   * See `OneTimeSecrets.issue`.
   *
   * @param ticketId null where no code is told: then there is no ticket
   */
  async issue(
    manager: EntityManager,
    purpose: OneTimePurpose,
    { subject, sessionId, boundTo, details = {} }: OneTimeRequest,
    ticketId: string | null,
  ): Promise<LiveSecret> {
    const userId = subject !== null && 'userId' in subject ? subject.userId : null;
    // Before the row: the deletion of an account locks it first, too. Where no two meet at one row, neither waits.
    const lock = purpose.severalAtOnce ? 'keep' : 'lock';
    const account = await this.accounts[lock](manager, userId ?? NOBODY);
    const { sharedBeyond } = purpose;
    // So that of several at once each sees those before it.
    if (account !== null && sharedBeyond !== null) await takeLockOf(manager, userId ?? NOBODY);
    const isOneOfMany = account !== null && purpose.severalAtOnce && sharedBeyond === null;
    const wanted = {
      id: uuidv7(),
      purpose: purpose.name,
      subject: isOneOfMany ? null : this.subjectOf(subject),
      userId: account === null ? null : userId,
      sessionId: account === null ? null : (sessionId ?? null),
      boundTo: boundTo === undefined ? null : digest(boundTo),
      key: this.codec.generateKey(),
      state: account === null ? null : stateOf(purpose, account),
      details,
      lifetimeSeconds: purpose.lifetimeSeconds,
    };
    return this.insertion.put(manager, wanted, ticketId, atOnceOf(purpose));
  }

  /** See `OneTimeSecrets.spend`. */
  spend(
    manager: EntityManager,
    purpose: OneTimePurpose,
    shown: readonly string[],
  ): Promise<boolean> {
    const { name, lifetimeSeconds } = purpose;
    const id = this.codec.idOf([name, ...shown]);
    const key = this.codec.generateKey();
    return this.insertion.putConsumed(manager, { id, purpose: name, key, lifetimeSeconds });
  }

  private subjectOf(subject: OneTimeSubject): string | null {
    if (subject === null) return null;
    return 'unknown' in subject ? this.codec.subjectOf(subject.unknown) : subject.userId;
  }
}

function atOnceOf({ anybodyMayAsk, sharedBeyond }: OneTimePurpose): AtOnce {
  if (sharedBeyond !== null) return { most: sharedBeyond, isShared: 'young and full' };
  return anybodyMayAsk ? ANYBODYS : ONE;
}

/** Stands for what a secret is issued for: another one once any of it has changed. */
export function stateOf({ diesWith }: OneTimePurpose, account: AccountState): Buffer {
  return digest(JSON.stringify(diesWith.map((trait) => account[trait])));
}
