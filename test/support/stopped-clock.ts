import { vi } from 'vitest';
import { Clock } from '../../src/latchkey/platform/clock/clock.js';
import type { TestApp } from './test-app.js';

/**
 * Lets the application's wall clock show one moment for as long as the work takes.
 *
 * @param seconds since the Unix epoch
 */
export async function atTime<T>(app: TestApp, seconds: number, work: () => Promise<T>): Promise<T> {
  const clock = app.nest.get(Clock, { strict: false });
  const running = clock.moment.bind(clock);
  const stopped = vi
    .spyOn(clock, 'moment')
    .mockImplementation(() => ({ ...running(), now: seconds * 1_000 }));
  return work().finally(() => stopped.mockRestore());
}
