import { describe, expect, it } from '@jest/globals';
import { MachineClock } from '../../src/resource-server/machine-clock.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const SECONDS = 1_000;
const HOUR = 3_600 * SECONDS;
const LEEWAY = 30 * SECONDS;

describe('the clock of a service that only verifies', () => {
  let wall: number;
  const startClock = () => {
    wall = START;
    return new MachineClock(() => wall);
  };

  it('follows its machine’s clock forward at once', () => {
    const clock = startClock();
    for (const step of [0, 1, 8 * HOUR]) {
      wall += step;
      expect(clock.now()).toBe(wall);
    }
  });

  it('does not follow a small step back, and is right once that time has passed', () => {
    const clock = startClock();
    const before = clock.now();
    wall -= 10 * SECONDS;
    expect(clock.now()).toBe(before);
    wall += 11 * SECONDS;
    expect(clock.now()).toBe(before + SECONDS);
  });

  it('that was set forward by mistake, and back, ends no token before its time', () => {
    const clock = startClock();
    wall += HOUR;
    clock.now();
    wall -= HOUR;
    expect(clock.now() - wall).toBeLessThanOrEqual(LEEWAY);
    wall += LEEWAY;
    expect(clock.now()).toBe(wall);
  });
});
