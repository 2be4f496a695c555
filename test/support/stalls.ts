const TICK_MILLISECONDS = 20;

/** How long this process was kept from running, as on a machine that is busy with other work. */
export class Stalls {
  private total = 0;
  private lastTick = performance.now();
  private readonly timer = setInterval(() => this.tick(), TICK_MILLISECONDS).unref();

  /** Milliseconds until it is called, without those in which this process stood still. */
  stopwatch(): () => number {
    const startedAt = performance.now();
    const before = this.stalled();
    return () => performance.now() - startedAt - (this.stalled() - before);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    this.total = this.stalled();
    this.lastTick = performance.now();
  }

  private stalled(): number {
    return this.total + Math.max(0, performance.now() - this.lastTick - 2 * TICK_MILLISECONDS);
  }
}
