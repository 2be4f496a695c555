import { beforeEach, describe, expect, it } from 'vitest';
import { SteadyClock } from '../../../../src/latchkey/platform/clock/steady-clock.js';

const MINUTES = 60_000;
const DAY = 86_400_000;
/** Within the leeway that tokens are given. */
const LITTLE = 20_000;
const START = Date.parse('2026-01-01T00:00:00Z');

/** Real time is what the database tells; the machine's clock is off by `wrongBy`. */
let elapsed: number;
let wrongBy: number;
let clock: SteadyClock;

beforeEach(() => {
  elapsed = 1_000;
  wrongBy = 0;
  clock = startClock();
});

function startClock(): SteadyClock {
  return new SteadyClock(
    () => START + elapsed + wrongBy,
    () => elapsed,
  );
}

function pass(milliseconds: number): void {
  elapsed += milliseconds;
}

/** @param authorityOff by how much the authority differs from real time */
function poll(authorityOff = 0, roundTrip = 0): number {
  const askedAt = elapsed;
  pass(roundTrip / 2);
  const told = START + elapsed + authorityOff;
  pass(roundTrip / 2);
  return clock.follow(told, askedAt, elapsed);
}

function error(): number {
  return clock.now() - START - elapsed;
}

describe('the clock of a process', () => {
  it.each([-5 * MINUTES, 5 * MINUTES])(
    'is not moved when the clock of its machine is set by %i ms',
    (step) => {
      poll();
      wrongBy = step;
      expect(error()).toBe(0);
      for (let turn = 0; turn < 100; turn++) {
        pass(2_000);
        poll();
        expect(error()).toBe(0);
      }
    },
  );

  it.each([-5 * MINUTES, 5 * MINUTES])(
    'is right from the first word of the database on, on a machine that is off by %i ms',
    (off) => {
      wrongBy = off;
      clock = startClock();
      expect(error()).toBe(off);
      poll();
      expect(error()).toBe(0);
    },
  );

  it('catches up at once with a database that is ahead', () => {
    poll();
    poll(5 * MINUTES);
    expect(error()).toBe(5 * MINUTES);
  });

  it('waits for a database that is a little behind, and does not go backwards', () => {
    poll();
    let before = clock.now();
    for (let second = 0; second < 70; second++) {
      expect(poll(-LITTLE)).toBe(0);
      pass(1_000);
      expect(clock.now()).toBeGreaterThan(before);
      before = clock.now();
    }
    expect(error()).toBe(-LITTLE);
    expect(clock.setBack).toBeNull();
  });

  it('follows a database that was far ahead back at once, and says until when it was ahead', () => {
    poll();
    expect(poll(DAY)).toBe(DAY);
    pass(60_000);
    const from = clock.now();
    expect(poll()).toBe(-DAY);
    expect(error()).toBe(0);
    expect(clock.setBack).toEqual({ from, to: clock.now() });
    pass(60_000);
    poll(-2 * MINUTES);
    // What had expired by the first mistake has expired for good.
    expect(clock.setBack).toEqual({ from, to: clock.now() });
  });

  it('is not moved by an answer that was long on its way', () => {
    poll();
    pass(2_000);
    poll(0, 1_500);
    expect(error()).toBe(0);
  });

  it('is moved no further than an answer proves it wrong', () => {
    poll();
    poll(1_000, 400);
    expect(error()).toBe(800);
  });
});
