import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost } from '@nestjs/core';
import { settlesWithin } from '../clock/settles-within.js';
import { StartupError } from '../errors/startup-error.js';
import { plainText } from '../http/validation/plain-text.js';
import { OutageLog } from '../logging/outage-log.js';
import { findProvided } from '../ports/find-provided.js';
import { OutboxConfig } from './outbox.config.js';
import { OutboxConnection } from './outbox-connection.js';
import { OutboxHandler, type OutboxOutcome, Undeliverable } from './outbox-handler.js';
import { OutboxStore, type TakenMessage } from './outbox-store.js';

/** Deliveries of one process at a time. */
const AT_ONCE = 5;
/** How often workers look by themselves, should they not be woken. */
const LOOK_MILLISECONDS = 2_000;
const SHORTEST_PAUSE_MILLISECONDS = 50;
/** One try. Well within the lease. */
const TRY_MILLISECONDS = 25_000;
const STOP_MILLISECONDS = 5_000;
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 3_600;
const NOTE_TRIES = 30;
const NOTE_PAUSE_MILLISECONDS = 200;
const MAX_ERROR_LENGTH = 500;

/** The pause after a try that failed: twice the one before, up to an hour. */
export function pauseAfter(attempts: number): number {
  return Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts - 1, 20));
}

/** Delivers what is in the outbox, in every instance that serves. */
@Injectable()
export class OutboxWorker
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly logger = new Logger('Outbox');
  private readonly reading = new OutageLog(this.logger, 'Reading the outbox');
  private readonly delivering = new Map<string, OutageLog>();
  private readonly inHand = new Set<Promise<void>>();
  private handlers: ReadonlyMap<string, OutboxHandler> = new Map();
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;
  private lookAgain = false;
  private stopped = true;

  constructor(
    private readonly config: OutboxConfig,
    private readonly store: OutboxStore,
    private readonly connection: OutboxConnection,
    private readonly discovery: DiscoveryService,
    private readonly host: HttpAdapterHost,
  ) {}

  /** @throws StartupError naming a kind that two handlers have */
  onModuleInit(): void {
    const found = findProvided(this.discovery, OutboxHandler);
    const kinds = found.map(({ kind }) => kind);
    const twice = kinds.find((kind, index) => kinds.indexOf(kind) !== index);
    if (twice !== undefined) {
      throw new StartupError(`Two outbox handlers are of the kind "${twice}". Rename one.`);
    }
    this.handlers = new Map(found.map((handler) => [handler.kind, handler]));
  }

  onApplicationBootstrap(): void {
    // A command ends when it is done, and not when a mail has left.
    const serves = this.host.httpAdapter?.getInstance?.() !== undefined;
    if (!serves || this.config.worker === 'off') return;
    this.stopped = false;
    this.connection.events.on('woken', () => this.wake());
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await settlesWithin(STOP_MILLISECONDS, Promise.all(this.inHand)).catch(() => undefined);
  }

  /** Looks for what is due, now or as soon as it is done with what it is at. */
  wake(): void {
    if (this.stopped) return;
    this.lookAgain = true;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
      if (this.lookAgain && this.inHand.size < AT_ONCE) this.wake();
    });
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    let pause = LOOK_MILLISECONDS;
    try {
      while (this.lookAgain && !this.stopped && this.inHand.size < AT_ONCE) {
        this.lookAgain = false;
        const kinds = [...this.handlers.keys()];
        const taken = await this.store.take(kinds, AT_ONCE - this.inHand.size);
        for (const message of taken) this.begin(message);
        if (taken.length > 0) this.lookAgain = true;
        else pause = await this.untilNextDue(kinds);
      }
      this.reading.succeeded();
    } catch (error) {
      this.lookAgain = false;
      this.reading.failed(error);
    }
    if (!this.stopped) this.timer = setTimeout(() => this.wake(), pause).unref();
  }

  private async untilNextDue(kinds: readonly string[]): Promise<number> {
    const seconds = await this.store.nextDueSeconds(kinds);
    if (seconds === null) return LOOK_MILLISECONDS;
    return Math.min(LOOK_MILLISECONDS, Math.max(SHORTEST_PAUSE_MILLISECONDS, seconds * 1_000));
  }

  private begin(message: TakenMessage): void {
    const delivery = this.deliver(message).finally(() => {
      this.inHand.delete(delivery);
      this.wake();
    });
    this.inHand.add(delivery);
  }

  /** Never rejects. */
  private async deliver(message: TakenMessage): Promise<void> {
    const tried = await this.attempt(message).then(
      (outcome) => ({ outcome }),
      (error: unknown) => ({ error }),
    );
    // What has been delivered is noted as soon as the database takes it, or it would be sent again.
    await this.persist(() => this.note(message, tried));
  }

  private async attempt({ attempts, ...message }: TakenMessage): Promise<OutboxOutcome> {
    const handler = this.handlers.get(message.kind);
    if (handler === undefined) throw new Error(`No handler delivers "${message.kind}".`);
    const signal = AbortSignal.timeout(TRY_MILLISECONDS);
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('It took too long.')));
    });
    return Promise.race([handler.deliver({ ...message, attempt: attempts, signal }), late]);
  }

  private async note(
    message: TakenMessage,
    tried: { readonly outcome: OutboxOutcome } | { readonly error: unknown },
  ): Promise<void> {
    if ('outcome' in tried) {
      const { outcome } = tried;
      this.outageOf(message.kind).succeeded();
      if (typeof outcome === 'string') return this.store.settle(message, outcome);
      return this.store.putOff(message, outcome.putOffSeconds);
    }
    const { id, kind, attempts } = message;
    this.outageOf(kind).failed(tried.error);
    const reason = plainText(String(tried.error), MAX_ERROR_LENGTH);
    const dead =
      tried.error instanceof Undeliverable
        ? await this.store.settle(message, 'dead', reason).then(() => true)
        : await this.store.postpone(message, pauseAfter(attempts), reason);
    if (dead) this.logger.error({ id, kind, attempts }, `A message was given up: ${reason}`);
  }

  private outageOf(kind: string): OutageLog {
    const known = this.delivering.get(kind);
    if (known !== undefined) return known;
    const outage = new OutageLog(this.logger, `Delivering ${kind}`);
    this.delivering.set(kind, outage);
    return outage;
  }

  private async persist(write: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await write();
      } catch (error) {
        this.reading.failed(error);
        if (tries === NOTE_TRIES || this.stopped) return;
      }
      await new Promise((resolve) => setTimeout(resolve, NOTE_PAUSE_MILLISECONDS).unref());
    }
  }
}
