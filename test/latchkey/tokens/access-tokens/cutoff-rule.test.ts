import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstSessionIdAfter,
  isMoment,
  momentOfSession,
} from '../../../../src/latchkey/tokens/revocation/kinds/session-moment.js';
import {
  type Cutoff,
  endsSession,
  raiseCutoff,
} from '../../../../src/latchkey/tokens/sessions/cutoffs/cutoff-rule.js';

const NONE: Cutoff = { momentMilliseconds: 0, exemptSessionId: null };

function sessionAt(momentMilliseconds: number, tail = '7123-8456-789abcdef012'): string {
  const time = momentMilliseconds.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail}`;
}

describe('a session’s id', () => {
  it.each([0, 1, 1_790_000_000_000, 2 ** 48 - 3])('tells the moment %i at which it began', (ms) => {
    expect(momentOfSession(sessionAt(ms))).toBe(ms);
    expect(sessionAt(ms, 'ffff-ffff-ffffffffffff') < firstSessionIdAfter(ms)).toBe(true);
    expect(sessionAt(ms + 1, '0000-0000-000000000000') < firstSessionIdAfter(ms)).toBe(false);
  });

  it.each([null, -1, 0.5, 2 ** 48 - 1, Number.NaN])('cannot tell %p', (moment) => {
    expect(isMoment(moment)).toBe(false);
  });
});

describe('raising a cutoff', () => {
  const early = sessionAt(10);
  const late = sessionAt(30);
  it.each<[string, Cutoff, Cutoff, Cutoff]>([
    [
      'moves it forwards',
      { momentMilliseconds: 5, exemptSessionId: null },
      { momentMilliseconds: 20, exemptSessionId: null },
      { momentMilliseconds: 20, exemptSessionId: null },
    ],
    [
      'never moves it backwards',
      { momentMilliseconds: 20, exemptSessionId: null },
      { momentMilliseconds: 5, exemptSessionId: null },
      { momentMilliseconds: 20, exemptSessionId: null },
    ],
    [
      'exempts a session that is alive',
      NONE,
      { momentMilliseconds: 40, exemptSessionId: early },
      { momentMilliseconds: 40, exemptSessionId: early },
    ],
    [
      'does not revive a session that an earlier one has ended',
      { momentMilliseconds: 20, exemptSessionId: null },
      { momentMilliseconds: 40, exemptSessionId: early },
      { momentMilliseconds: 40, exemptSessionId: null },
    ],
    [
      'keeps an exempt session exempt when it is named again',
      { momentMilliseconds: 20, exemptSessionId: early },
      { momentMilliseconds: 40, exemptSessionId: early },
      { momentMilliseconds: 40, exemptSessionId: early },
    ],
    [
      'ends an exempt session that it does not name',
      { momentMilliseconds: 40, exemptSessionId: early },
      { momentMilliseconds: 50, exemptSessionId: late },
      { momentMilliseconds: 50, exemptSessionId: null },
    ],
    [
      'ends an exempt session even when it moves nothing',
      { momentMilliseconds: 40, exemptSessionId: early },
      { momentMilliseconds: 20, exemptSessionId: null },
      { momentMilliseconds: 40, exemptSessionId: null },
    ],
    [
      'leaves an exempt session alone that began after its moment',
      { momentMilliseconds: 40, exemptSessionId: late },
      { momentMilliseconds: 20, exemptSessionId: null },
      { momentMilliseconds: 40, exemptSessionId: late },
    ],
  ])('%s', (_, present, wanted, expected) => {
    expect(raiseCutoff(present, wanted)).toEqual(expected);
  });

  it('says by being the same that nothing changes', () => {
    const present: Cutoff = { momentMilliseconds: 20, exemptSessionId: null };
    expect(raiseCutoff(present, { momentMilliseconds: 20, exemptSessionId: early })).toBe(present);
  });

  it('ends exactly what each of any sequence of cutoffs ends, and revives nothing', () => {
    const step = fc.record({ now: fc.nat(3), back: fc.nat(8), except: fc.option(fc.nat(30)) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const began = Array.from({ length: 40 }, (_, index) => index + 1);
        const ended = new Set<number>();
        let present = NONE;
        let now = 1;
        for (const { now: passed, back, except: any } of steps) {
          now += passed;
          const except = any === null ? null : 1 + (any % now);
          // An exemption goes with "all sessions until now", as a change of password asks for it.
          const momentMilliseconds = except === null ? Math.max(0, now - back) : now;
          const exempt = except !== null && !ended.has(except) ? except : null;
          for (const ms of began) if (ms <= momentMilliseconds && ms !== exempt) ended.add(ms);
          present = raiseCutoff(present, {
            momentMilliseconds,
            exemptSessionId: except === null ? null : sessionAt(except),
          });
          const over = began.filter((ms) => endsSession(present, sessionAt(ms)));
          expect(over).toEqual([...ended].sort((a, b) => a - b));
        }
      }),
      { numRuns: 500 },
    );
  });
});
