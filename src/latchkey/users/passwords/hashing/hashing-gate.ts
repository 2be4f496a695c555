import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
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

  constructor(
    private readonly config: PasswordsConfig,
    private readonly clock: Clock,
  ) {
    this.places = config.concurrency * PLACES_PER_HASH;
  }

  /**
   * @throws LatchkeyError `auth.busy` without starting the work: when the queue is full, and when
   *   the turn has not come in time; and what `mayBegin` throws
   */
  async run<T>({ lane, mayBegin }: PasswordCheck, work: () => Promise<T>): Promise<T> {
    const deadline = this.clock.monotonic() + this.config.maxWaitSeconds * 1_000;
    for (let delay = FIRST_DELAY_MILLISECONDS; ; delay = nextDelay(delay)) {
      await this.enter(lane, deadline - this.clock.monotonic());
      const since = this.clock.monotonic();
      try {
        if ((await mayBegin?.()) ?? true) return await work();
      } finally {
        this.leave(this.clock.monotonic() - since);
      }
      if (this.clock.monotonic() + delay > deadline) throw busyFor(1);
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
          reject(busyFor(this.secondsUntilServed()));
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
}

function nextDelay(delay: number): number {
  return Math.min(delay * 2, LONGEST_DELAY_MILLISECONDS);
}

function busyFor(retryAfterSeconds: number) {
  return passwordsErrors.busy({ retryAfterSeconds });
}
