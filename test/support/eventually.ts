import { setTimeout as pause } from 'node:timers/promises';
import { onThisMachine } from './time-limits.js';

const BETWEEN_CHECKS_MILLISECONDS = 10;

export interface Deadline {
  /** Seconds, on an idle machine. */
  readonly within: number;
  /** Milliseconds between two checks: more for those that cost something and take seconds to come true. */
  readonly every?: number;
}

/**
 * Repeats a check until it neither throws nor rejects, and gives what it returns. At the deadline
 * it fails as the check last failed.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { within, every = BETWEEN_CHECKS_MILLISECONDS }: Deadline,
): Promise<T> {
  const deadline = performance.now() + onThisMachine(within) * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await pause(every);
  }
}
