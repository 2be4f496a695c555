import { setTimeout as pause } from 'node:timers/promises';
import { onThisMachine } from './time-limits.js';

const BETWEEN_CHECKS_MILLISECONDS = 10;

export interface Deadline {
  /** Seconds, on an idle machine. */
  readonly within: number;
}

/**
 * Repeats a check until it neither throws nor rejects, and gives what it returns. At the deadline
 * it fails as the check last failed.
 */
export async function eventually<T>(check: () => T | Promise<T>, { within }: Deadline): Promise<T> {
  const deadline = performance.now() + onThisMachine(within) * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await pause(BETWEEN_CHECKS_MILLISECONDS);
  }
}
