import { setTimeout as pause } from 'node:timers/promises';
import { onThisMachine } from './time-limits.js';

/** The longer it takes, the less a moment more counts, and the more the checks have cost. */
const SHARE_OF_THE_WAIT = 0.1;
const [SHORTEST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS] = [10, 100];

export interface Deadline {
  /** Seconds, on an idle machine. */
  readonly within: number;
  /** Milliseconds between two checks; by default 10 at first and 100 after a second. */
  readonly every?: number;
}

/**
 * Repeats a check until it neither throws nor rejects, and gives what it returns. At the deadline
 * it fails as the check last failed.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { within, every }: Deadline,
): Promise<T> {
  const startedAt = performance.now();
  const deadline = startedAt + onThisMachine(within) * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await pause(every ?? pauseAfter(performance.now() - startedAt));
  }
}

function pauseAfter(waitedMilliseconds: number): number {
  const pause = waitedMilliseconds * SHARE_OF_THE_WAIT;
  return Math.min(LONGEST_PAUSE_MILLISECONDS, Math.max(SHORTEST_PAUSE_MILLISECONDS, pause));
}
