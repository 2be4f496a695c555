import { percentile } from '../statistics.js';
import type { LoadPlan, LoadResult } from './load-plan.js';

const WARM_UP_SECONDS = 1;

/** What came back, and when. The warm-up, from the first answer on, is not measured. */
export class AnswerLog {
  private readonly statuses: Record<string, number> = {};
  private readonly latencies: number[] = [];
  private startedAt?: number;
  private lastAt = 0;
  private readonly warmUpMilliseconds: number;

  constructor({ warmUpSeconds = WARM_UP_SECONDS }: LoadPlan) {
    this.warmUpMilliseconds = warmUpSeconds * 1_000;
  }

  add(status: number, milliseconds: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    const now = performance.now();
    this.startedAt ??= now;
    if (now - this.startedAt < this.warmUpMilliseconds) return;
    this.lastAt = now;
    this.latencies.push(milliseconds);
  }

  result(): LoadResult {
    const { statuses, latencies, startedAt = 0, warmUpMilliseconds } = this;
    if (latencies.length === 0) {
      return { statuses, perSecond: 0, p50Milliseconds: Number.NaN, p99Milliseconds: Number.NaN };
    }
    const seconds = (this.lastAt - startedAt - warmUpMilliseconds) / 1_000;
    return {
      statuses,
      perSecond: latencies.length / seconds,
      p50Milliseconds: percentile(latencies, 50),
      p99Milliseconds: percentile(latencies, 99),
    };
  }
}

/** How long a load lasts, its warm-up included. */
export function durationSeconds({ seconds, warmUpSeconds = WARM_UP_SECONDS }: LoadPlan): number {
  return seconds + warmUpSeconds;
}
