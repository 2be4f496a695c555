import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  advance,
  advanceLapsesAtMs,
  type Judgement,
  judge,
  type RotationState,
} from '../../src/tokens/rotation-rule.js';

const NEW_FAMILY: RotationState = {
  generation: 0,
  graceFloor: 0,
  previousGraceFloor: 0,
  graceBucketStartedAtMs: 0,
};

/** Plays rotations and remembers, unlike the rule, when each generation was superseded. */
class RememberingFamily {
  state = NEW_FAMILY;
  readonly supersededAtMs: number[] = [];

  constructor(private readonly graceMs: number) {}

  /** @param delayMs between the decision and its UPDATE; a decision that has lapsed is taken again */
  rotate(decidedAtMs: number, delayMs = 0): number {
    const next = advance(this.state, decidedAtMs, this.graceMs);
    const appliedAtMs = decidedAtMs + delayMs;
    if (appliedAtMs >= advanceLapsesAtMs(next, this.graceMs)) return this.rotate(appliedAtMs);
    this.state = next;
    this.supersededAtMs.push(appliedAtMs);
    return appliedAtMs;
  }

  /** Whatever the rule promises and does not keep at this moment, in words. */
  brokenPromises(nowMs: number): string[] {
    return this.supersededAtMs.flatMap((supersededAtMs, generation) => {
      const ageMs = nowMs - supersededAtMs;
      const judgement = judge(this.state, generation, nowMs, this.graceMs);
      const broken =
        (ageMs < this.graceMs && judgement !== 'superseded') ||
        (ageMs >= 3 * this.graceMs && judgement !== 'reused');
      return broken ? [`generation ${generation} is ${judgement} at the age of ${ageMs}`] : [];
    });
  }
}

describe('the rotation rule', () => {
  const W = 10_000;
  // Generations 0 to 2 superseded at 0, 1 and 9.999 s (one bucket), 3 at 15 s (the next).
  const burst = [0, 1000, 9999, 15_000].reduce(
    (state, atMs) => advance(state, atMs, W),
    NEW_FAMILY,
  );

  it.each<[string, number, number, Judgement]>([
    ['the current token, at once', 4, 15_000, 'current'],
    ['the current token, much later', 4, 9e9, 'current'],
    ['a token from the future', 5, 15_000, 'unissued'],
    ['a token superseded this instant', 3, 15_000, 'superseded'],
    ['the last of the bucket before, within the grace', 2, 19_998, 'superseded'],
    ['the first of the bucket before, while that is tolerated', 0, 24_999, 'superseded'],
    ['the first of the bucket before, one grace into the next', 0, 25_000, 'reused'],
    ['the last of the bucket before, one grace into the next', 2, 25_000, 'reused'],
    ['the first of the running bucket, to its last moment', 3, 34_999, 'superseded'],
    ['the first of the running bucket, two graces after it began', 3, 35_000, 'reused'],
    ['the oldest token, much later', 0, 9e9, 'reused'],
  ])('judges %s', (_what, generation, nowMs, expected) => {
    expect(judge(burst, generation, nowMs, W)).toBe(expected);
  });

  it('tolerates a superseded token for one to three graces in every schedule of 0, 1 or 2 rotations a tick', () => {
    const graceTicks = 2;
    const ticks = 9;
    const broken: string[] = [];
    let probes = 0;
    for (let schedule = 0; schedule < 3 ** ticks; schedule++) {
      const family = new RememberingFamily(graceTicks);
      for (let tick = 0, rest = schedule; tick < ticks; tick++, rest = Math.floor(rest / 3)) {
        for (let rotation = 0; rotation < rest % 3; rotation++) family.rotate(tick);
        probes += family.supersededAtMs.length;
        for (const promise of family.brokenPromises(tick)) broken.push(`${schedule}: ${promise}`);
      }
      for (const tick of [ticks, ticks + 1, ticks + 3 * graceTicks]) {
        for (const promise of family.brokenPromises(tick)) broken.push(`${schedule}: ${promise}`);
      }
    }
    expect(broken).toEqual([]);
    expect(probes).toBeGreaterThan(500_000);
  });

  it('keeps its promises in random bursts whose updates come late', () => {
    const steps = fc.array(
      fc.record({
        pauseMs: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 4000 })),
        delayMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1500 })),
        rotates: fc.boolean(),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 7, 1000), (schedule, graceMs) => {
        const family = new RememberingFamily(graceMs);
        let nowMs = 0;
        for (const { pauseMs, delayMs, rotates } of schedule) {
          nowMs += pauseMs;
          if (rotates) nowMs = family.rotate(nowMs, delayMs);
          expect(family.brokenPromises(nowMs)).toEqual([]);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('never tolerates again what it has once refused', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(pauses, (schedule) => {
        const family = new RememberingFamily(10);
        const refused = new Set<number>();
        let nowMs = 0;
        for (const [step, pauseMs] of schedule.entries()) {
          nowMs += pauseMs;
          if (step % 2 === 0) family.rotate(nowMs);
          for (const generation of family.supersededAtMs.keys()) {
            const reused = judge(family.state, generation, nowMs, 10) === 'reused';
            if (reused) refused.add(generation);
            expect(reused).toBe(refused.has(generation));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([0, 1, 5000])('tolerates nothing when it is off, %i ms after a rotation', (ageMs) => {
    const rotated = advance(advance(NEW_FAMILY, 1000, 0), 1000, 0);
    expect(judge(rotated, 1, 1000 + ageMs, 0)).toBe('reused');
    expect(judge(rotated, 0, 1000 + ageMs, 0)).toBe('reused');
    expect(judge(rotated, 2, 1000 + ageMs, 0)).toBe('current');
    expect(advanceLapsesAtMs(rotated, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('tolerates nothing when it is off and the clock has been set back', () => {
    expect(judge(advance(NEW_FAMILY, 1000, 0), 0, 500, 0)).toBe('reused');
  });

  it('turns off at once for families that were rotated with a grace', () => {
    expect(judge(advance(NEW_FAMILY, 1000, W), 0, 1001, 0)).toBe('reused');
  });

  it('does not stretch the tolerance when the clock is set back', () => {
    const rotated = advance({ ...NEW_FAMILY, graceBucketStartedAtMs: 1e9 }, 1e9, W);
    expect(judge(rotated, 0, 1e9 - W + 1, W)).toBe('superseded');
    expect(judge(rotated, 0, 1e9 - W, W)).toBe('reused');
  });

  it('begins a new bucket when the clock has been set back', () => {
    const later = { ...NEW_FAMILY, generation: 7, graceFloor: 5, graceBucketStartedAtMs: 1e9 };
    const rotated = advance(later, 1e6, W);
    expect(rotated.graceBucketStartedAtMs).toBe(1e6);
    expect(judge(rotated, 7, 1e6, W)).toBe('superseded');
    expect(judge(rotated, 5, 1e6, W)).toBe('superseded');
    expect(judge(rotated, 4, 1e6, W)).toBe('reused');
  });
});
