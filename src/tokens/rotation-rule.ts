/**
 * When a refresh token may still be used: the rotation rule (RFC 9700 section 4.14.2), made
 * tolerant of lost answers and parallel callers. Pure; times are the database's, in milliseconds.
 *
 * With a grace of W, a token is tolerated from the moment that superseded it for at least W and
 * for less than 3 W, however many rotations follow. To know that without remembering when each
 * generation was superseded, rotations are put into buckets: every token superseded in a bucket
 * was superseded within W of its beginning, and the lowest generation of the running bucket and
 * of the one before is all that is kept.
 */
export interface RotationState {
  /** The generation of the one token that is current. The first is 0. */
  readonly generation: number;
  /** The lowest generation superseded in the running bucket. */
  readonly graceFloor: number;
  /** The same for the bucket before; equal to `graceFloor` when that one is too old to matter. */
  readonly previousGraceFloor: number;
  readonly graceBucketStartedAtMs: number;
}

/**
 * - `current`: the family's newest token.
 * - `superseded`: replaced so recently that its owner may not have heard of it.
 * - `reused`: replaced longer ago; two parties hold tokens of this family.
 * - `unissued`: newer than the newest. Only a database restored from a backup forgets generations.
 */
export type Judgement = 'current' | 'superseded' | 'reused' | 'unissued';

/** @param presented the generation of a token whose MAC has been verified */
export function judge(
  state: RotationState,
  presented: number,
  nowMs: number,
  graceMs: number,
): Judgement {
  if (presented === state.generation) return 'current';
  if (presented > state.generation) return 'unissued';
  return presented >= lowestTolerated(state, nowMs, graceMs) ? 'superseded' : 'reused';
}

/** The state after the current token has been superseded by the next generation. */
export function advance(state: RotationState, nowMs: number, graceMs: number): RotationState {
  const { generation: superseded, graceFloor, graceBucketStartedAtMs } = state;
  const generation = superseded + 1;
  const ageMs = nowMs - graceBucketStartedAtMs;
  if (ageMs >= 0 && ageMs < graceMs) return { ...state, generation };

  // A negative age means that the clock was set back: what was tolerated stays so, once more.
  const previousTolerated = ageMs < 2 * graceMs;
  return {
    generation,
    graceFloor: superseded,
    previousGraceFloor: previousTolerated ? graceFloor : superseded,
    graceBucketStartedAtMs: nowMs,
  };
}

/**
 * Until when a decision of `advance` may be carried out. Later, the token that it supersedes
 * would fall outside its bucket and be tolerated for less than the grace.
 */
export function advanceLapsesAtMs(next: RotationState, graceMs: number): number {
  return graceMs === 0 ? Number.POSITIVE_INFINITY : next.graceBucketStartedAtMs + graceMs;
}

function lowestTolerated(state: RotationState, nowMs: number, graceMs: number): number {
  const ageMs = nowMs - state.graceBucketStartedAtMs;
  // A clock set back by more than the grace ends the tolerance: it must not be stretched.
  if (Math.abs(ageMs) < graceMs) return state.previousGraceFloor;
  if (ageMs > 0 && ageMs < 2 * graceMs) return state.graceFloor;
  return state.generation;
}
