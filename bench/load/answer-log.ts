import { percentile } from '../statistics.js';
import type { LoadResult } from './load-plan.js';

const WARM_UP_MILLISECONDS = 1_000;

/** What came back, and when. The first second from the first answer on is not measured. */
export class AnswerLog {
  private readonly statuses: Record<string, number> = {};
  private readonly latencies: number[] = [];
  private startedAt?: number;
  private lastAt = 0;

  add(status: number, milliseconds: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    const now = performance.now();
    this.startedAt ??= now;
    if (now - this.startedAt < WARM_UP_MILLISECONDS) return;
    this.lastAt = now;
    this.latencies.push(milliseconds);
  }

  result(): LoadResult {
    const { statuses, latencies, startedAt = 0 } = this;
    if (latencies.length === 0) {
      return { statuses, perSecond: 0, p50Milliseconds: Number.NaN, p99Milliseconds: Number.NaN };
    }
    const seconds = (this.lastAt - startedAt - WARM_UP_MILLISECONDS) / 1_000;
    return {
      statuses,
      perSecond: latencies.length / seconds,
      p50Milliseconds: percentile(latencies, 50),
      p99Milliseconds: percentile(latencies, 99),
    };
  }
}

export function planMilliseconds(seconds: number): number {
  return seconds * 1_000 + WARM_UP_MILLISECONDS;
}
