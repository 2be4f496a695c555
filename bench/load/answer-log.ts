import { percentile } from '../statistics.js';
import type { LoadResult } from './load-plan.js';

const WARM_UP_MILLISECONDS = 1_000;

/** What came back, and when. The first second of a connection's life is not measured. */
export class AnswerLog {
  private readonly statuses: Record<string, number> = {};
  private readonly latencies: number[] = [];
  private readonly startedAt = performance.now();
  private lastAt = this.startedAt;

  add(status: number, milliseconds: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    const now = performance.now();
    if (now - this.startedAt < WARM_UP_MILLISECONDS) return;
    this.lastAt = now;
    this.latencies.push(milliseconds);
  }

  result(): LoadResult {
    const seconds = (this.lastAt - this.startedAt - WARM_UP_MILLISECONDS) / 1_000;
    return {
      statuses: this.statuses,
      perSecond: this.latencies.length / seconds,
      p50Milliseconds: percentile(this.latencies, 50),
      p99Milliseconds: percentile(this.latencies, 99),
    };
  }
}

export function planMilliseconds(seconds: number): number {
  return seconds * 1_000 + WARM_UP_MILLISECONDS;
}
