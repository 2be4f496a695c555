/**
 * When something happened, in milliseconds: somewhere between before it was asked for and after
 * it was answered. The model and the database do not share a clock.
 */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How long before `now` something was, at least and at most. */
export function ageBetween(then: Span, now: Span): { atLeast: number; atMost: number } {
  return { atLeast: now.from - then.to, atMost: now.to - then.from };
}

/** A clock that can be moved forward. */
export class MovableClock {
  private movedMilliseconds = 0;

  now(): number {
    return performance.now() + this.movedMilliseconds;
  }

  move(milliseconds: number): void {
    this.movedMilliseconds += milliseconds;
  }

  /** Runs `work` and says when. */
  async during<T>(work: () => Promise<T>): Promise<{ result: T; span: Span }> {
    const from = this.now();
    const result = await work();
    return { result, span: { from, to: this.now() } };
  }
}
