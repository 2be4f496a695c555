import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Revocation } from '../../../../src/latchkey/tokens/revocation/kinds/revocation.js';
import { LiveRevocations } from '../../../../src/latchkey/tokens/revocation/live/live-revocations.js';
import { RevocationListeners } from '../../../../src/latchkey/tokens/revocation/live/revocation-listeners.js';
import { RevocationStaleness } from '../../../../src/latchkey/tokens/revocation/live/revocation-staleness.js';
import { RevocationConfig } from '../../../../src/latchkey/tokens/revocation/revocation.config.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { aPrincipal } from './a-principal.js';
import { ManualClock } from './manual-clock.js';

const MOMENT_MS = 1_790_000_000_000;

let clock: ManualClock;
let staleness: RevocationStaleness;
let live: LiveRevocations;

beforeEach(() => {
  clock = new ManualClock();
  const config = new RevocationConfig();
  staleness = new RevocationStaleness(clock, config);
  live = new LiveRevocations(clock, staleness, config, new RevocationListeners());
  staleness.heard(clock.monotonic());
});

function sessionAt(momentMilliseconds: number, tail = '7123-8456-789abcdef012'): string {
  const time = momentMilliseconds.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail}`;
}

function verdict(userId: string, sessionId: string) {
  return live.verdict(aPrincipal({ userId, sessionId }));
}

function ofUser(momentMilliseconds: number, exemptSessionId: string | null = null): Revocation {
  return { kind: 'user-cutoff', userId: 'user-1', momentMilliseconds, exemptSessionId };
}

describe('a cutoff', () => {
  const exempt = sessionAt(MOMENT_MS - 5);
  it.each<[string, Revocation, string, string, string]>([
    [
      'a session of the user before',
      ofUser(MOMENT_MS),
      'user-1',
      sessionAt(MOMENT_MS - 1),
      'revoked',
    ],
    ['a session of that millisecond', ofUser(MOMENT_MS), 'user-1', sessionAt(MOMENT_MS), 'revoked'],
    ['a session of the user after', ofUser(MOMENT_MS), 'user-1', sessionAt(MOMENT_MS + 1), 'live'],
    ['a session of another user', ofUser(MOMENT_MS), 'user-2', sessionAt(MOMENT_MS - 1), 'live'],
    ['the exempt session', ofUser(MOMENT_MS, exempt), 'user-1', exempt, 'live'],
    ['one beside it', ofUser(MOMENT_MS, exempt), 'user-1', sessionAt(MOMENT_MS - 6), 'revoked'],
  ])('of a user, and %s', (_, cutoff, userId, sessionId, expected) => {
    live.applyNew([cutoff]);
    expect(verdict(userId, sessionId)).toBe(expected);
  });

  it('for everyone ends whoever’s session, the exempt one of a user included', () => {
    live.applyNew([
      ofUser(MOMENT_MS, exempt),
      { kind: 'global-cutoff', momentMilliseconds: MOMENT_MS },
    ]);
    expect(verdict('user-1', exempt)).toBe('revoked');
    expect(verdict('user-2', sessionAt(MOMENT_MS))).toBe('revoked');
    expect(verdict('user-2', sessionAt(MOMENT_MS + 1))).toBe('live');
  });

  it('for everyone stays at the latest moment, in whatever order they come', () => {
    live.applyNew([
      { kind: 'global-cutoff', momentMilliseconds: MOMENT_MS },
      { kind: 'global-cutoff', momentMilliseconds: MOMENT_MS - 100 },
    ]);
    expect(verdict('user-1', sessionAt(MOMENT_MS - 1))).toBe('revoked');
    expect(live.size).toBe(1);
  });

  it('of a user ends what any of several ends, in whatever order and however often they come', () => {
    const cutoff = fc.record({ momentMilliseconds: fc.nat(6), except: fc.option(fc.nat(6)) });
    fc.assert(
      fc.property(fc.array(cutoff, { minLength: 1, maxLength: 8 }), (cutoffs) => {
        live = new LiveRevocations(
          clock,
          staleness,
          new RevocationConfig(),
          new RevocationListeners(),
        );
        for (const { momentMilliseconds, except } of cutoffs) {
          const exempt = except === null ? null : sessionAt(except);
          // Into one bucket or the other.
          const remainingSeconds = momentMilliseconds % 2 === 0 ? 100 : 900;
          live.apply([{ revocation: ofUser(momentMilliseconds, exempt), remainingSeconds }]);
        }
        for (let began = 0; began <= 7; began++) {
          const ended = cutoffs.some(
            ({ momentMilliseconds, except }) => began <= momentMilliseconds && began !== except,
          );
          expect(verdict('user-1', sessionAt(began))).toBe(ended ? 'revoked' : 'live');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is one entry per user, and the look-up among many takes microseconds', () => {
    live.applyNew(
      Array.from({ length: 200_000 }, (_, index) => ({
        kind: 'user-cutoff',
        userId: `user-${index}`,
        momentMilliseconds: MOMENT_MS,
        exemptSessionId: null,
      })),
    );
    live.applyNew([ofUser(MOMENT_MS + 1)]);
    expect(live.size).toBe(200_000);
    const over = aPrincipal({ userId: 'user-177777', sessionId: sessionAt(MOMENT_MS) });
    const unknown = aPrincipal({ userId: 'another', sessionId: sessionAt(MOMENT_MS) });
    const rounds = 100_000;
    const startedAt = performance.now();
    for (let round = 0; round < rounds; round++) {
      live.verdict(over);
      live.verdict(unknown);
    }
    const microsecondsEach = ((performance.now() - startedAt) * 1_000) / (2 * rounds);
    expect(live.verdict(over)).toBe('revoked');
    expect(microsecondsEach).toBeLessThan(onThisMachine(20));
  });
});
