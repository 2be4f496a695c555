/**
 * Does something every so often, never twice at once, until it is stopped. What takes longer than
 * the interval is followed by the next turn at once.
 */
export class PeriodicTask {
  private timer?: NodeJS.Timeout;
  private stopped = false;

  /** @param turn never rejects */
  constructor(
    private readonly turn: () => Promise<void>,
    private readonly intervalMilliseconds: number,
  ) {}

  start(): void {
    this.schedule(this.intervalMilliseconds);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** It has been done: the next turn is a whole interval from now. */
  postpone(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.schedule(this.intervalMilliseconds);
  }

  private schedule(delay: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.take(), delay).unref();
  }

  private async take(): Promise<void> {
    this.timer = undefined;
    const startedAt = performance.now();
    await this.turn();
    this.schedule(Math.max(0, startedAt + this.intervalMilliseconds - performance.now()));
  }
}
