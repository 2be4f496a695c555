import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RevocationStaleness } from '../../../../src/latchkey/tokens/revocation/live/revocation-staleness.js';
import { RevocationConfig } from '../../../../src/latchkey/tokens/revocation/revocation.config.js';
import { ManualClock } from './manual-clock.js';

let clock: ManualClock;
let config: RevocationConfig;
let staleness: RevocationStaleness;
const error = vi.fn();
const log = vi.fn();

beforeEach(() => {
  Logger.overrideLogger({ error, log, warn: () => undefined });
  clock = new ManualClock();
  config = new RevocationConfig();
  staleness = new RevocationStaleness(clock, config);
  staleness.heard(clock.monotonic());
});

afterEach(() => {
  vi.clearAllMocks();
  Logger.overrideLogger(['log', 'error', 'warn']);
});

describe('an outage of all sources', () => {
  it.each(['closed', 'open'])(
    'is logged once when it begins and once when it ends (%s)',
    (onOutage) => {
      config.onOutage = onOutage;
      for (let second = 0; second < 60; second++) {
        clock.advance(1);
        expect(staleness.refuses()).toBe(onOutage === 'closed' && second >= 10);
      }
      expect(error).toHaveBeenCalledTimes(1);
      expect(log).not.toHaveBeenCalled();
      staleness.heard(clock.monotonic());
      staleness.heard(clock.monotonic());
      expect(log).toHaveBeenCalledTimes(1);
      expect(error).toHaveBeenCalledTimes(1);
    },
  );

  it('is not over by an answer to a question from before it', () => {
    const askedAt = clock.monotonic();
    clock.advance(60);
    staleness.heard(askedAt);
    expect(staleness.isOverdue()).toBe(true);
    expect(staleness.secondsSinceHeard).toBe(60);
  });

  it('does not begin when an older answer comes after a newer one', () => {
    const askedAt = clock.monotonic();
    clock.advance(9);
    staleness.heard(clock.monotonic());
    clock.advance(9);
    staleness.heard(askedAt);
    expect(staleness.isOverdue()).toBe(false);
  });
});
