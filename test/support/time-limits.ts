import { pbkdf2Sync } from 'node:crypto';

/** What takes this long on an idle machine of 2026 with a processor of the usual kind. */
const ROUND_MILLISECONDS = 5;
const WORK_ITERATIONS = 20_000;
const SLOWEST = 20;

/**
 * A limit of time as this machine needs it: longer where the processors are slower, or busy with
 * other work, than those of an idle machine of today. Any unit; a whole number, as timers want it.
 */
export function onThisMachine(limit: number): number {
  return Math.ceil(limit * Number(process.env.TEST_SLOWNESS ?? 1));
}

/**
 * How many times as long this machine takes now, from 1 to 20. Measured before the tests, and again
 * before each file, since other work may have begun meanwhile.
 */
export function measureSlowness(rounds: number): number {
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round++) {
    pbkdf2Sync('a password', 'a salt', WORK_ITERATIONS, 32, 'sha256');
  }
  const slowness = (performance.now() - startedAt) / (rounds * ROUND_MILLISECONDS);
  return Math.min(SLOWEST, Math.max(1, slowness));
}
