import { Injectable, Logger } from '@nestjs/common';
import { plainText } from '../http/validation/plain-text.js';
import { OutageLog } from '../logging/outage-log.js';
import { type OutboxHandler, type OutboxOutcome, Undeliverable } from './outbox-handler.js';
import { OutboxLease } from './outbox-lease.js';
import { OutboxQueue, type TakenMessage } from './outbox-queue.js';

/** What a handler has to stop in, once its time is over. */
const END_MILLISECONDS = 5_000;
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 3_600;
const NOTE_PAUSE_MILLISECONDS = 200;
const MAX_ERROR_LENGTH = 500;

/** The pause after a try that failed: twice the one before, up to an hour. */
export function pauseAfter(attempts: number): number {
  return Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts - 1, 20));
}

type Tried = { readonly outcome: OutboxOutcome } | { readonly error: unknown };

/** Has one message delivered, and notes what became of it. */
@Injectable()
export class DeliverMessage {
  private readonly logger = new Logger('Outbox');
  private readonly noting = new OutageLog(this.logger, 'Noting what became of messages');
  private readonly outages = new Map<string, OutageLog>();

  constructor(private readonly queue: OutboxQueue) {}

  /**
   * Holds the message until what became of it is noted: what has been delivered would be sent again
   * otherwise. Never rejects.
   *
   * @param stopping the process ends, and waits for nothing any more
   */
  async deliver(
    handler: OutboxHandler,
    message: TakenMessage,
    stopping: AbortSignal,
  ): Promise<void> {
    const lease = new OutboxLease(this.queue, message);
    const tried = await this.attempt(handler, message, lease).then(
      (outcome) => ({ outcome }),
      (error: unknown) => ({ error }),
    );
    await this.persist(() => this.note(message, tried), stopping);
    lease.release();
  }

  private async attempt(
    handler: OutboxHandler,
    { attempts, ...message }: TakenMessage,
    lease: OutboxLease,
  ): Promise<OutboxOutcome> {
    const signal = AbortSignal.any([AbortSignal.timeout(handler.tryMilliseconds), lease.lost]);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const giveUp = () => reject(new Error('It took too long.'));
      signal.addEventListener('abort', () => {
        timer = setTimeout(giveUp, END_MILLISECONDS).unref();
      });
    });
    const requireHeld = () => lease.require();
    const delivery = handler.deliver({ ...message, attempt: attempts, signal, requireHeld });
    return Promise.race([delivery, late]).finally(() => clearTimeout(timer));
  }

  private async note(message: TakenMessage, tried: Tried): Promise<void> {
    if ('outcome' in tried) {
      const { outcome } = tried;
      this.outageOf(message.kind).succeeded();
      if (typeof outcome === 'string') return this.queue.settle(message, outcome);
      return this.queue.putOff(message, outcome.putOffSeconds);
    }
    const { id, kind, attempts } = message;
    this.outageOf(kind).failed(tried.error);
    const reason = plainText(String(tried.error), MAX_ERROR_LENGTH);
    const dead =
      tried.error instanceof Undeliverable
        ? await this.queue.settle(message, 'dead', reason).then(() => true)
        : await this.queue.postpone(message, pauseAfter(attempts), reason);
    if (dead) this.logger.error({ id, kind, attempts }, `A message was given up: ${reason}`);
  }

  /** Tries until the database takes it, or has given the message to somebody else meanwhile. */
  private async persist(write: () => Promise<void>, stopping: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await write();
        return this.noting.succeeded();
      } catch (error) {
        this.noting.failed(error);
        if (stopping.aborted) return;
      }
      await new Promise((resolve) => setTimeout(resolve, NOTE_PAUSE_MILLISECONDS).unref());
    }
  }

  private outageOf(kind: string): OutageLog {
    const known = this.outages.get(kind);
    if (known !== undefined) return known;
    const outage = new OutageLog(this.logger, `Delivering ${kind}`);
    this.outages.set(kind, outage);
    return outage;
  }
}
