import { setTimeout as pause } from 'node:timers/promises';

/** Does something on demand: never twice at once, and at most once in an interval. */
export class CoalescedTask {
  private startedAt = Number.NEGATIVE_INFINITY;
  private running: Promise<void> = Promise.resolve();
  private next?: Promise<void>;

  /** @param task never rejects */
  constructor(
    private readonly task: () => Promise<void>,
    private readonly intervalMilliseconds: number,
    private readonly stopped: AbortSignal,
  ) {}

  /**
   * Resolves when a run is done that began after this call, so that it has seen everything that
   * was there before; all who ask while they wait share it. Never rejects.
   */
  run(): Promise<void> {
    this.next ??= this.begin();
    return this.next;
  }

  private async begin(): Promise<void> {
    await this.running;
    const wait = this.startedAt + this.intervalMilliseconds - performance.now();
    const { stopped: signal } = this;
    if (wait > 0) await pause(wait, undefined, { signal }).catch(() => undefined);
    this.next = undefined;
    if (signal.aborted) return;
    this.startedAt = performance.now();
    this.running = this.task();
    await this.running;
  }
}
