import { LEASE_SECONDS, type OutboxQueue, type TakenMessage } from './outbox-queue.js';

/** Several renewals may fail before the hold is lost. */
const RENEW_MILLISECONDS = 15_000;

/**
 * Keeps a message from other workers for as long as it is in hand. `lost` aborts as soon as another one
 * may have taken it: when the database says so, or has not been reached for as long as the hold lasts.
 */
export class OutboxLease {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private heldUntil = performance.now() + LEASE_SECONDS * 1_000;

  constructor(
    private readonly queue: OutboxQueue,
    private readonly message: TakenMessage,
  ) {
    this.timer = setInterval(() => void this.renew(), RENEW_MILLISECONDS).unref();
  }

  get lost(): AbortSignal {
    return this.controller.signal;
  }

  /** @throws Error when another worker may have the message, or the database does not say */
  async require(): Promise<void> {
    const { signal } = this.controller;
    if (!signal.aborted) await this.prolong();
    signal.throwIfAborted();
  }

  release(): void {
    clearInterval(this.timer);
  }

  private async renew(): Promise<void> {
    await this.prolong().catch(() => {
      if (performance.now() >= this.heldUntil) this.lose();
    });
  }

  private async prolong(): Promise<void> {
    const heldUntil = performance.now() + LEASE_SECONDS * 1_000;
    if (await this.queue.renew(this.message)) this.heldUntil = heldUntil;
    else this.lose();
  }

  private lose(): void {
    this.release();
    this.controller.abort(new Error('Another worker may have taken the message meanwhile.'));
  }
}
