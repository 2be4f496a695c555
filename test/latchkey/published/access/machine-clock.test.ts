import { beforeEach, describe, expect, it } from 'vitest';
import { MachineClock } from '../../../../src/latchkey/published/access/machine-clock.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const SECONDS = 1_000;
const HOUR = 3_600 * SECONDS;
const LEEWAY = 30 * SECONDS;
const HEEDED_WITHIN = 101;

describe('the clock of a service that only verifies', () => {
  let wall: number;
  let running: number;
  let readings: number;
  let clock: MachineClock;

  beforeEach(() => {
    wall = START;
    running = 0;
    readings = 0;
    const readWall = () => {
      readings += 1;
      return wall;
    };
    clock = new MachineClock(readWall, () => running);
    clock.now();
  });

  const pass = (milliseconds: number) => {
    wall += milliseconds;
    running += milliseconds;
  };

  it('tells the time, whether it has just read it or counts on', () => {
    for (const milliseconds of [0, 1, 60, 60, HOUR]) {
      pass(milliseconds);
      expect(clock.now()).toBe(wall);
    }
  });

  it('reads its machine’s clock ten times a second at most', () => {
    for (let milliseconds = 0; milliseconds < SECONDS; milliseconds++) {
      pass(1);
      clock.now();
    }
    expect(readings).toBeLessThanOrEqual(10);
  });

  it.each([
    ['set forward', () => (wall += HOUR)],
    ['gone on while the machine slept', () => (wall += 8 * HOUR)],
  ])('follows a machine’s clock that was %s within a tenth of a second', (_what, happens) => {
    happens();
    pass(HEEDED_WITHIN);
    expect(clock.now()).toBe(wall);
  });

  it('does not follow a small step back, and is right once that time has passed', () => {
    const before = clock.now();
    wall -= 10 * SECONDS;
    pass(HEEDED_WITHIN);
    expect(clock.now()).toBe(before);
    pass(11 * SECONDS);
    expect(clock.now()).toBe(wall);
  });

  it('that was set forward by mistake, and back, ends no token before its time', () => {
    wall += HOUR;
    pass(HEEDED_WITHIN);
    clock.now();
    wall -= HOUR;
    pass(HEEDED_WITHIN);
    expect(clock.now() - wall).toBeLessThanOrEqual(LEEWAY);
    pass(LEEWAY);
    expect(clock.now()).toBe(wall);
  });

  it('never goes back by what it counted on too far', () => {
    running += 60;
    wall += 10;
    const countedOn = clock.now();
    pass(HEEDED_WITHIN);
    expect(clock.now()).toBeGreaterThan(countedOn);
    expect(clock.now() - wall).toBeLessThan(60);
  });
});
