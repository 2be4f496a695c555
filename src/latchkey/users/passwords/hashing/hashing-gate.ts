import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { inSpan } from '../../../platform/tracing/in-span.js';
import { PasswordsConfig } from '../passwords.config.js';
import { passwordsErrors } from '../passwords.errors.js';
import { FairQueue } from './fair-queue.js';
import type { Lane, PasswordCheck } from './password-check.js';

/** For each hash at work another one is made ready meanwhile. */
const PLACES_PER_HASH = 2;
const FIRST_DELAY_MILLISECONDS = 25;
const LONGEST_DELAY_MILLISECONDS = 800;
/** The share of the latest turn in the mean of all. */
const WEIGHT_OF_LATEST = 0.1;

interface Waiting {
  admit(): void;
  refuse(): void;
}

/**
 * Admits to hashing: a fixed number at once, and a fixed number may wait for a bounded time. Lanes
 * are served in turn, and once the queue is full the next to come takes the place of the newest in the
 * longest lane. So no flood of sign-ins takes the processor from refreshes and guarded routes, nor
 * the turns of those who come from elsewhere (docs/adr/0022).
 */
@Injectable()
export class HashingGate {
  private readonly places: number;
  private taken = 0;
  private readonly waiting = new FairQueue<Waiting>();
  private meanTurnMilliseconds = 0;
  private refusals = 0;

  /** Hears of each turn how long it was waited for, and how long it took. */
  onTurn?: (waitedMilliseconds: number, tookMilliseconds: number) => void;

  constructor(
    private readonly config: PasswordsConfig,
    private readonly clock: Clock,
  ) {
    this.places = config.concurrency * PLACES_PER_HASH;
  }

  /** How many wait for their turn, how many have it, and how many have been refused so far. */
  get figures(): { readonly waiting: number; readonly atWork: number; readonly refused: number } {
    return { waiting: this.waiting.size, atWork: this.taken, refused: this.refusals };
  }

  /**
   * @throws LatchkeyError `auth.busy` without starting the work: when the queue is full, and when
   *   the turn has not come in time; and what `mayBegin` throws
   */
  async run<T>({ lane, mayBegin }: PasswordCheck, work: () => Promise<T>): Promise<T> {
    const deadline = this.clock.monotonic() + this.config.maxWaitSeconds * 1_000;
    for (let delay = FIRST_DELAY_MILLISECONDS; ; delay = nextDelay(delay)) {
      const asked = this.clock.monotonic();
      await inSpan({ name: 'wait for hashing' }, () => this.enter(lane, deadline - asked));
      const since = this.clock.monotonic();
      try {
        if ((await mayBegin?.()) ?? true) return await work();
      } finally {
        const took = this.clock.monotonic() - since;
        this.leave(took);
        this.onTurn?.(since - asked, took);
      }
      if (this.clock.monotonic() + delay > deadline) throw this.busyFor(1);
      await pause(delay);
    }
  }

  private async enter(lane: Lane, patienceMilliseconds: number): Promise<void> {
    if (this.taken === this.places) return this.turn(lane, patienceMilliseconds);
    this.taken += 1;
  }

  private turn(lane: Lane, patienceMilliseconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        admit: () => {
          clearTimeout(patience);
          resolve();
        },
        refuse: () => {
          clearTimeout(patience);
          reject(this.busyFor(this.secondsUntilServed()));
        },
      };
      const patience = setTimeout(() => {
        this.waiting.remove(lane, waiting);
        waiting.refuse();
      }, patienceMilliseconds);
      this.waiting.add(lane, waiting);
      if (this.waiting.size > this.config.queueLength) this.waiting.dropFromLongest()?.refuse();
    });
  }

  /** The place goes straight to the next in turn, so that no newcomer can take it in between. */
  private leave(turnMilliseconds: number): void {
    this.meanTurnMilliseconds += WEIGHT_OF_LATEST * (turnMilliseconds - this.meanTurnMilliseconds);
    const next = this.waiting.takeNext();
    if (next === undefined) this.taken -= 1;
    else next.admit();
  }

  /** By then all who wait now have had a turn, or have been told to come back. */
  private secondsUntilServed(): number {
    const turns = this.waiting.size / this.places;
    const seconds = Math.ceil((turns * this.meanTurnMilliseconds) / 1_000);
    return Math.min(Math.max(1, seconds), this.config.maxWaitSeconds);
  }

  private busyFor(retryAfterSeconds: number) {
    this.refusals += 1;
    return passwordsErrors.busy({ retryAfterSeconds });
  }
}

function nextDelay(delay: number): number {
  return Math.min(delay * 2, LONGEST_DELAY_MILLISECONDS);
}
