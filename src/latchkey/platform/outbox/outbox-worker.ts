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
import { OutageLog } from '../logging/outage-log.js';
import { findProvided } from '../ports/find-provided.js';
import { DeliverMessage } from './deliver-message.js';
import { OutboxConfig } from './outbox.config.js';
import { OutboxConnection } from './outbox-connection.js';
import { OutboxHandler } from './outbox-handler.js';
import { OutboxQueue, type Outlook } from './outbox-queue.js';

/** Deliveries of one process at a time, of each kind: a mail server that hangs holds up nothing but mail. */
const AT_ONCE = 5;
/** How often workers look by themselves, should they not be woken. */
const LOOK_MILLISECONDS = 2_000;
const SHORTEST_PAUSE_MILLISECONDS = 50;
const STOP_MILLISECONDS = 5_000;

/** Delivers what is in the outbox, in every instance that serves. */
@Injectable()
export class OutboxWorker
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly reading = new OutageLog(new Logger('Outbox'), 'Reading the outbox');
  private readonly stopping = new AbortController();
  private kinds: readonly Kind[] = [];
  private timer?: NodeJS.Timeout;
  private byItself?: NodeJS.Timeout;
  private looking?: Promise<void>;
  /** Of these something may be due. */
  private readonly wanted = new Set<Kind>();
  /** It is not known of which something is due. */
  private unsure = false;
  private working = false;

  constructor(
    private readonly config: OutboxConfig,
    private readonly queue: OutboxQueue,
    private readonly connection: OutboxConnection,
    private readonly deliverMessage: DeliverMessage,
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
    this.kinds = found.map((handler) => new Kind(handler));
  }

  onApplicationBootstrap(): void {
    // A command ends when it is done, and not when a mail has left.
    const serves = this.host.httpAdapter?.getInstance?.() !== undefined;
    if (!serves || this.config.worker === 'off') return;
    this.working = true;
    this.connection.events.on('woken', (kind: string) => this.wake(kind));
    this.byItself = setInterval(() => this.wake(), LOOK_MILLISECONDS).unref();
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.working = false;
    this.stopping.abort();
    clearTimeout(this.timer);
    clearInterval(this.byItself);
    await this.looking;
    const inHand = this.kinds.flatMap((kind) => [...kind.inHand]);
    await settlesWithin(STOP_MILLISECONDS, Promise.all(inHand)).catch(() => undefined);
  }

  /**
   * Looks for what is due, now or as soon as it is done with what it is at.
   *
   * @param name of the kind of which something is due; without it, that is looked up first: a worker with nothing to
   *   do asks one statement
   */
  wake(name = ''): void {
    if (!this.working) return;
    const woken = this.kinds.find((kind) => kind.name === name);
    if (woken !== undefined) this.wanted.add(woken);
    else if (name === '') this.unsure = true;
    if (this.wanted.size === 0 && !this.unsure) return;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
      if (this.wanted.size > 0 || this.unsure) this.wake([...this.wanted][0]?.name);
    });
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    try {
      if (this.unsure) await this.findDue();
      const found = this.wanted.size > 0;
      for (const kind of this.wanted) await this.takeOf(kind);
      if (found) this.waitUntilDue(await this.outlook());
      this.reading.succeeded();
    } catch (error) {
      this.wanted.clear();
      // Whoever stops takes what it reads from along: Ctrl-C reaches an embedded Postgres as well.
      if (this.working) this.reading.failed(error);
    }
  }

  private async findDue(): Promise<void> {
    this.unsure = false;
    const outlook = await this.outlook();
    for (const kind of this.kinds) if (outlook.due.includes(kind.name)) this.wanted.add(kind);
    this.waitUntilDue(outlook);
  }

  private outlook(): Promise<Outlook> {
    const free = this.kinds.filter((kind) => kind.free > 0);
    return this.queue.outlook(free.map(({ name }) => name));
  }

  private async takeOf(kind: Kind): Promise<void> {
    this.wanted.delete(kind);
    if (kind.free === 0 || !this.working) return;
    const { messages, setAside } = await this.queue.take(kind.name, kind.free);
    for (const message of messages) {
      const delivery = this.deliverMessage.deliver(kind.handler, message, this.stopping.signal);
      kind.hold(delivery, () => this.wake(kind.name));
    }
    if (messages.length > 0 || setAside > 0) this.wanted.add(kind);
  }

  private waitUntilDue({ nextSeconds }: Outlook): void {
    clearTimeout(this.timer);
    const pause = nextSeconds * 1_000;
    if (pause >= LOOK_MILLISECONDS || !this.working) return;
    this.timer = setTimeout(
      () => this.wake(),
      Math.max(SHORTEST_PAUSE_MILLISECONDS, pause),
    ).unref();
  }
}

/** One kind of message: who delivers it, and what of it is being delivered here. */
class Kind {
  readonly inHand = new Set<Promise<void>>();

  constructor(readonly handler: OutboxHandler) {}

  get name(): string {
    return this.handler.kind;
  }

  get free(): number {
    return AT_ONCE - this.inHand.size;
  }

  hold(delivery: Promise<void>, over: () => void): void {
    const held = delivery.finally(() => {
      this.inHand.delete(held);
      over();
    });
    this.inHand.add(held);
  }
}
