import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type AccountState, AccountStates } from './account-states.js';
import { digest, OneTimeCodec } from './one-time-codec.js';
import type { OneTimePurpose } from './one-time-purpose.js';
import { type LiveSecret, OneTimeStore } from './one-time-store.js';

/** What a secret is about: an account, an address that no account has, or no account yet. */
export type OneTimeSubject = { readonly userId: string } | { readonly unknown: string } | null;

export interface OneTimeRequest {
  readonly subject: OneTimeSubject;
  /** Of purposes that are issued in a session. */
  readonly sessionId?: string;
  /** What the asking client keeps: it is good only together with this. */
  readonly boundTo?: string;
  /** What has to be known when it is redeemed. No secret, and nothing that says much of a person. */
  readonly details?: Record<string, unknown>;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
/** Of a purpose that anybody may ask for: so many are good at once of one account. */
const AT_ONCE = 3;

/** Puts secrets and their tickets into the database. */
@Injectable()
export class IssueOneTimeSecret {
  constructor(
    private readonly store: OneTimeStore,
    private readonly codec: OneTimeCodec,
    private readonly accounts: AccountStates,
  ) {}

  /** See `OneTimeSecrets.issue`. */
  async issue(
    manager: EntityManager,
    purpose: OneTimePurpose,
    { subject, sessionId, boundTo, details = {} }: OneTimeRequest,
  ): Promise<{ secret: LiveSecret; ticketId: string }> {
    const userId = subject !== null && 'userId' in subject ? subject.userId : null;
    // Before the row: the deletion of an account locks it first, too. Where no two meet at one row, neither waits.
    const lock = purpose.severalAtOnce ? 'keep' : 'lock';
    const account = await this.accounts[lock](manager, userId ?? NOBODY);
    const wanted = {
      id: uuidv7(),
      purpose: purpose.name,
      subject: account !== null && purpose.severalAtOnce ? null : this.subjectOf(subject),
      userId: account === null ? null : userId,
      sessionId: account === null ? null : (sessionId ?? null),
      boundTo: boundTo === undefined ? null : digest(boundTo),
      key: this.codec.generateKey(),
      state: account === null ? null : stateOf(purpose, account),
      details,
      lifetimeSeconds: purpose.lifetimeSeconds,
    };
    const ticketId = uuidv7();
    const atOnce = purpose.anybodyMayAsk ? AT_ONCE : 1;
    return { secret: await this.store.put(manager, wanted, ticketId, atOnce), ticketId };
  }

  private subjectOf(subject: OneTimeSubject): string | null {
    if (subject === null) return null;
    return 'unknown' in subject ? this.codec.subjectOf(subject.unknown) : subject.userId;
  }
}

/** Stands for what a secret is issued for: another one once any of it has changed. */
export function stateOf({ diesWith }: OneTimePurpose, account: AccountState): Buffer {
  return digest(JSON.stringify(diesWith.map((trait) => account[trait])));
}
