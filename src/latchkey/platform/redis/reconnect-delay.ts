const FIRST_DELAY_MILLISECONDS = 50;
const LONGEST_DELAY_MILLISECONDS = 1_000;

/**
 * Doubles with every attempt, up to a second; half of it is random, so that instances that lost
 * the same server do not all return in the same instant.
 *
 * @param attempt 1 for the first
 */
export function reconnectDelayMilliseconds(attempt: number): number {
  const doubled = FIRST_DELAY_MILLISECONDS * 2 ** Math.min(attempt - 1, 10);
  const delay = Math.min(doubled, LONGEST_DELAY_MILLISECONDS);
  return Math.round(delay / 2 + (Math.random() * delay) / 2);
}
