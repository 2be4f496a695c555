import { Injectable } from '@nestjs/common';
import { PasswordsConfig } from './passwords.config.js';
import { passwordsErrors } from './passwords.errors.js';

const RETRY_AFTER_SECONDS = 2;

/**
 * Lets a fixed number of hashes run at once and a fixed number wait for a bounded time, first
 * come, first served: a flood of sign-ins cannot take the processor from refreshes and guarded routes.
 */
@Injectable()
export class HashingGate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly config: PasswordsConfig) {}

  /**
   * @throws LatchkeyError `auth.busy` without starting the work: at once when the queue is full,
   *   and when the turn has not come in time
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < this.config.concurrency) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= this.config.queueLength) throw busy();
    await this.turn();
  }

  private turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const admit = () => {
        clearTimeout(patience);
        resolve();
      };
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(admit), 1);
        reject(busy());
      };
      const patience = setTimeout(giveUp, this.config.maxWaitSeconds * 1_000);
      this.waiting.push(admit);
    });
  }

  /** The place goes straight to the next in line, so that no newcomer can take it in between. */
  private leave(): void {
    const admitNext = this.waiting.shift();
    if (admitNext === undefined) this.running -= 1;
    else admitNext();
  }
}

function busy() {
  return passwordsErrors.busy({ retryAfterSeconds: RETRY_AFTER_SECONDS });
}
