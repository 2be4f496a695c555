import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AppSecrets } from '../../platform/config/app-secrets.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { PasswordHasher } from '../passwords/hashing/password-hasher.js';
import { readHash } from '../passwords/hashing/read-hash.js';
import { UserBatchStore } from './store/user-batch-store.js';

const SURVEY_MILLISECONDS = 300_000;

/** Accounts whose hashes cost the same to verify. */
interface CostGroup {
  readonly cost: string;
  readonly decoy: string;
  readonly accounts: number;
}

/**
 * What a sign-in is checked against where the account or its password does not exist. While there
 * are hashes of other kinds or costs than the configured one (imported ones, say), each address
 * without a password is given one of the costs that are in use, in the shares in which they are:
 * always the same one, until the share that it stands for has shrunk. So the time that an address
 * takes tells nothing of whether it has an account.
 */
@Injectable()
export class DecoyHashes {
  private readonly key: Buffer;
  /** Asked again beside the sign-in that finds it old. */
  private readonly surveys = new LRUCache<'latest', readonly CostGroup[]>({
    max: 1,
    ttl: SURVEY_MILLISECONDS,
    allowStale: true,
    allowStaleOnFetchRejection: true,
    noDeleteOnFetchRejection: true,
    fetchMethod: () => this.survey(),
  });

  constructor(
    secrets: AppSecrets,
    private readonly store: UserBatchStore,
    private readonly hasher: PasswordHasher,
  ) {
    [this.key] = secrets.keysFor('decoy-hash');
  }

  /** The decoy of an address. No password matches it. */
  async decoyFor(email: string): Promise<string> {
    const groups = await this.surveys.forceFetch('latest');
    const scores = groups.map(({ cost, accounts }) => Math.log(this.draw(email, cost)) / accounts);
    const drawn = groups[scores.indexOf(Math.max(...scores))];
    return drawn?.decoy ?? this.hasher.decoy().text;
  }

  /**
   * Above 0 and at most 1. Groups are drawn by weighted rendezvous hashing: when accounts move
   * from one cost to another, only as many addresses move, and from that cost.
   */
  private draw(email: string, cost: string): number {
    const mac = createHmac('sha256', this.key)
      .update(`${emailKey(email)}\0${cost}`)
      .digest();
    return (mac.readUIntBE(0, 6) + 1) / 2 ** 48;
  }

  private async survey(): Promise<CostGroup[]> {
    const rows = await this.store.surveyCosts();
    const inUse = rows.map(({ cost, example, accounts }) => ({
      cost,
      decoy: (readHash(example) ?? this.hasher).decoy().text,
      accounts,
    }));
    return inUse.length > 0 ? inUse : [{ cost: '', decoy: this.hasher.decoy().text, accounts: 1 }];
  }
}
