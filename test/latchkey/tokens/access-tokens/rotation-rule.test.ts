import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advance,
  decisionLapsesAtMilliseconds,
  type Judgement,
  judge,
  type RotationState,
  recover,
} from '../../../../src/latchkey/tokens/sessions/refresh/rotation-rule.js';
import { isFullDepth, repeated } from '../../../support/test-depth.js';

const NEW_FAMILY: RotationState = {
  generation: 0,
  presented: -1,
  presentedAtMilliseconds: 0,
  graceFloor: 0,
  previousGraceFloor: 0,
  graceBucketStartedAtMilliseconds: 0,
};

/** Of the grace alone: nothing is recovered. */
const tolerating = (graceMilliseconds: number) => ({ graceMilliseconds, recoveryMilliseconds: 0 });

/**
 * Plays rotations and lost answers, and remembers, unlike the rule, when each generation was
 * superseded and when the one presented last was first presented and last answered.
 */
class RememberingFamily {
  state = NEW_FAMILY;
  readonly supersededAtMilliseconds: number[] = [];
  private presented = -1;
  private presentedAtMilliseconds = 0;
  private answeredAtMilliseconds = 0;

  constructor(
    private readonly graceMilliseconds: number,
    private readonly recoveryMilliseconds = 0,
  ) {}

  /** @param delayMilliseconds between the decision and its UPDATE; a decision that has lapsed is taken again */
  rotate(decidedAtMilliseconds: number, delayMilliseconds = 0): number {
    const next = advance(this.state, decidedAtMilliseconds, this.graceMilliseconds);
    const appliedAtMilliseconds = decidedAtMilliseconds + delayMilliseconds;
    if (appliedAtMilliseconds >= decisionLapsesAtMilliseconds(next, this.graceMilliseconds))
      return this.rotate(appliedAtMilliseconds);
    this.presented = this.state.generation;
    this.presentedAtMilliseconds = appliedAtMilliseconds;
    // As the row does: the moment is the one of the UPDATE.
    this.supersede(
      { ...next, presentedAtMilliseconds: appliedAtMilliseconds },
      appliedAtMilliseconds,
    );
    return appliedAtMilliseconds;
  }

  /** @returns how the token that was presented last was judged */
  presentLastAgain(nowMilliseconds: number): Judgement {
    const judgement = this.judge(this.presented, nowMilliseconds);
    if (judgement === 'unanswered')
      this.supersede(recover(this.state, nowMilliseconds, this.graceMilliseconds), nowMilliseconds);
    return judgement;
  }

  judge(generation: number, nowMilliseconds: number): Judgement {
    const { graceMilliseconds, recoveryMilliseconds } = this;
    return judge(this.state, generation, nowMilliseconds, {
      graceMilliseconds,
      recoveryMilliseconds,
    });
  }

  /** Whatever the rule promises and does not keep at this moment, in words. */
  brokenPromises(nowMilliseconds: number): string[] {
    return this.supersededAtMilliseconds.flatMap((_, generation) => {
      const judgement = this.judge(generation, nowMilliseconds);
      if (this.permitted(generation, nowMilliseconds).includes(judgement)) return [];
      return [`generation ${generation} is ${judgement} at ${nowMilliseconds}`];
    });
  }

  private permitted(generation: number, nowMilliseconds: number): Judgement[] {
    const isLast = generation === this.presented;
    const ageMilliseconds =
      nowMilliseconds -
      (isLast ? this.answeredAtMilliseconds : (this.supersededAtMilliseconds[generation] ?? 0));
    if (ageMilliseconds < this.graceMilliseconds) return ['superseded'];
    const recoverable =
      isLast && nowMilliseconds - this.presentedAtMilliseconds < this.recoveryMilliseconds;
    const refused = recoverable ? 'unanswered' : 'reused';
    return ageMilliseconds >= 3 * this.graceMilliseconds ? [refused] : ['superseded', refused];
  }

  private supersede(next: RotationState, nowMilliseconds: number): void {
    this.state = next;
    this.supersededAtMilliseconds.push(nowMilliseconds);
    this.answeredAtMilliseconds = nowMilliseconds;
  }
}

describe('the rotation rule', () => {
  const W = 10_000;
  // Generations 0 to 2 superseded at 0, 1 and 9.999 s (one bucket), 3 at 15 s (the next).
  const burst = [0, 1000, 9999, 15_000].reduce(
    (state, atMilliseconds) => advance(state, atMilliseconds, W),
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
  ])('judges %s', (_what, generation, nowMilliseconds, expected) => {
    expect(judge(burst, generation, nowMilliseconds, tolerating(W))).toBe(expected);
  });

  it('tolerates a superseded token for one to three graces in every schedule of 0, 1 or 2 rotations a tick', () => {
    const graceTicks = 2;
    const ticks = isFullDepth() ? 9 : 8;
    const broken: string[] = [];
    let probes = 0;
    for (let schedule = 0; schedule < 3 ** ticks; schedule++) {
      const family = new RememberingFamily(graceTicks);
      for (let tick = 0, rest = schedule; tick < ticks; tick++, rest = Math.floor(rest / 3)) {
        for (let rotation = 0; rotation < rest % 3; rotation++) family.rotate(tick);
        probes += family.supersededAtMilliseconds.length;
        for (const promise of family.brokenPromises(tick)) broken.push(`${schedule}: ${promise}`);
      }
      for (const tick of [ticks, ticks + 1, ticks + 3 * graceTicks]) {
        for (const promise of family.brokenPromises(tick)) broken.push(`${schedule}: ${promise}`);
      }
    }
    expect(broken).toEqual([]);
    expect(probes).toBeGreaterThan(3 ** ticks * 26);
  });

  it('knows a lost answer from theft in every schedule of nothing, a rotation or the last token again', () => {
    const graceTicks = 1;
    const recoveryTicks = 6;
    const ticks = isFullDepth() ? 11 : 9;
    const broken: string[] = [];
    const judged: Record<string, number> = {};
    for (let schedule = 0; schedule < 3 ** ticks; schedule++) {
      const family = new RememberingFamily(graceTicks, recoveryTicks);
      for (let tick = 0, rest = schedule; tick < ticks; tick++, rest = Math.floor(rest / 3)) {
        if (rest % 3 === 1) family.rotate(tick);
        if (rest % 3 === 2 && family.state.generation > 0) {
          const judgement = family.presentLastAgain(tick);
          judged[judgement] = (judged[judgement] ?? 0) + 1;
        }
        for (const promise of family.brokenPromises(tick)) broken.push(`${schedule}: ${promise}`);
      }
    }
    expect(broken).toEqual([]);
    for (const judgement of ['superseded', 'unanswered', 'reused']) {
      expect([judgement, (judged[judgement] ?? 0) > 1_000]).toEqual([judgement, true]);
    }
  });

  describe('of an answer that was lost', () => {
    const R = 3_600_000;
    const limits = { graceMilliseconds: W, recoveryMilliseconds: R };
    const LATER = W * 5;
    // 0 is presented at 1 s and its answer lost; again at LATER: 1 is skipped, and 2 current.
    const rotated = advance(NEW_FAMILY, 1000, W);
    const recovered = recover(rotated, LATER, W);

    it.each<[string, RotationState, number, number, Judgement]>([
      ['the token presented last, within the grace', rotated, 0, 10_999, 'superseded'],
      ['the same after the grace', rotated, 0, LATER, 'unanswered'],
      ['the same at the end of the recovery', rotated, 0, 1000 + R - 1, 'unanswered'],
      ['the same after the recovery', rotated, 0, 1000 + R, 'reused'],
      ['the one before it', advance(rotated, 2000, W), 0, LATER, 'reused'],
      ['the token presented last, right after it was recovered', recovered, 0, LATER, 'superseded'],
      ['the same, a grace later', recovered, 0, LATER + 2 * W, 'unanswered'],
      ['the same, counted from its first use', recovered, 0, 1000 + R, 'reused'],
      ['the skipped one, within its grace', recovered, 1, LATER + W - 1, 'superseded'],
      ['the skipped one, after its grace', recovered, 1, LATER + 2 * W, 'reused'],
      ['the new one', recovered, 2, LATER + R, 'current'],
      [
        'the lost one, once the new one was presented',
        advance(recovered, 6e4, W),
        0,
        1e5,
        'reused',
      ],
      ['the new one, once it was presented', advance(recovered, 6e4, W), 2, 1e5, 'unanswered'],
      ['with the clock set back by less than the recovery', rotated, 0, 1000 - R + 1, 'unanswered'],
      ['with the clock set back by as much', rotated, 0, 1000 - R, 'reused'],
    ])('judges %s', (_what, state, generation, nowMilliseconds, expected) => {
      expect(judge(state, generation, nowMilliseconds, limits)).toBe(expected);
    });

    it('gives a new generation however often it is lost', () => {
      const lostAgain = [2, 3, 4].reduce((state, n) => recover(state, n * LATER, W), rotated);

      expect(lostAgain).toMatchObject({
        generation: 4,
        presented: 0,
        presentedAtMilliseconds: 1000,
      });
      expect(judge(lostAgain, 0, 5 * LATER, limits)).toBe('unanswered');
      expect([1, 2, 3].map((skipped) => judge(lostAgain, skipped, 5 * LATER, limits))).toEqual([
        'reused',
        'reused',
        'reused',
      ]);
    });

    it('recovers nothing when that is off', () => {
      expect(judge(rotated, 0, LATER, { graceMilliseconds: W, recoveryMilliseconds: 0 })).toBe(
        'reused',
      );
    });

    it('recovers at once without a grace', () => {
      const family = advance(NEW_FAMILY, 1000, 0);
      expect(judge(family, 0, 1000, { graceMilliseconds: 0, recoveryMilliseconds: R })).toBe(
        'unanswered',
      );
      const again = recover(family, 1001, 0);
      expect(judge(again, 1, 1001, { graceMilliseconds: 0, recoveryMilliseconds: R })).toBe(
        'reused',
      );
    });
  });

  it('keeps its promises in random bursts whose updates come late', () => {
    const steps = fc.array(
      fc.record({
        pauseMilliseconds: fc.oneof(
          fc.integer({ min: 0, max: 400 }),
          fc.integer({ min: 0, max: 4000 }),
        ),
        delayMilliseconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1500 })),
        rotates: fc.boolean(),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 7, 1000), (schedule, graceMilliseconds) => {
        const family = new RememberingFamily(graceMilliseconds);
        let nowMilliseconds = 0;
        for (const { pauseMilliseconds, delayMilliseconds, rotates } of schedule) {
          nowMilliseconds += pauseMilliseconds;
          if (rotates) nowMilliseconds = family.rotate(nowMilliseconds, delayMilliseconds);
          expect(family.brokenPromises(nowMilliseconds)).toEqual([]);
        }
      }),
      { numRuns: repeated({ quick: 500, full: 3000 }) },
    );
  });

  it('never tolerates again what it has once refused', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(pauses, (schedule) => {
        const family = new RememberingFamily(10);
        const refused = new Set<number>();
        let nowMilliseconds = 0;
        for (const [step, pauseMilliseconds] of schedule.entries()) {
          nowMilliseconds += pauseMilliseconds;
          if (step % 2 === 0) family.rotate(nowMilliseconds);
          for (const generation of family.supersededAtMilliseconds.keys()) {
            const reused =
              judge(family.state, generation, nowMilliseconds, tolerating(10)) === 'reused';
            if (reused) refused.add(generation);
            expect(reused).toBe(refused.has(generation));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([0, 1, 5000])(
    'tolerates nothing when it is off, %i ms after a rotation',
    (ageMilliseconds) => {
      const rotated = advance(advance(NEW_FAMILY, 1000, 0), 1000, 0);
      expect(judge(rotated, 1, 1000 + ageMilliseconds, tolerating(0))).toBe('reused');
      expect(judge(rotated, 0, 1000 + ageMilliseconds, tolerating(0))).toBe('reused');
      expect(judge(rotated, 2, 1000 + ageMilliseconds, tolerating(0))).toBe('current');
      expect(decisionLapsesAtMilliseconds(rotated, 0)).toBe(Number.POSITIVE_INFINITY);
    },
  );

  it('tolerates nothing when it is off and the clock has been set back', () => {
    expect(judge(advance(NEW_FAMILY, 1000, 0), 0, 500, tolerating(0))).toBe('reused');
  });

  it('turns off at once for families that were rotated with a grace', () => {
    expect(judge(advance(NEW_FAMILY, 1000, W), 0, 1001, tolerating(0))).toBe('reused');
  });

  it('does not stretch the tolerance when the clock is set back', () => {
    const rotated = advance({ ...NEW_FAMILY, graceBucketStartedAtMilliseconds: 1e9 }, 1e9, W);
    expect(judge(rotated, 0, 1e9 - W + 1, tolerating(W))).toBe('superseded');
    expect(judge(rotated, 0, 1e9 - W, tolerating(W))).toBe('reused');
  });

  it('begins a new bucket when the clock has been set back', () => {
    const later = {
      ...NEW_FAMILY,
      generation: 7,
      graceFloor: 5,
      graceBucketStartedAtMilliseconds: 1e9,
    };
    const rotated = advance(later, 1e6, W);
    expect(rotated.graceBucketStartedAtMilliseconds).toBe(1e6);
    expect(judge(rotated, 7, 1e6, tolerating(W))).toBe('superseded');
    expect(judge(rotated, 5, 1e6, tolerating(W))).toBe('superseded');
    expect(judge(rotated, 4, 1e6, tolerating(W))).toBe('reused');
  });
});
