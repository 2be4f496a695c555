/**
 * When a refresh token may still be used: the rotation rule (RFC 9700 section 4.14.2), made
 * tolerant of lost answers and parallel callers. Pure; times are the database's, in milliseconds.
 *
 * With a grace of W, a token is tolerated from the moment that superseded it for at least W and
 * for less than 3 W, however many rotations follow. To know that without remembering when each
 * generation was superseded, rotations are put into buckets: every token superseded in a bucket
 * was superseded within W of its beginning, and the lowest generation of the running bucket and
 * of the one before is all that is kept.
 *
 * The token presented last is known beyond the grace: its answer may never have arrived. Presented
 * again within the recovery of its first use, it is answered with a new generation, and tolerated
 * again as long as the generation that this superseded. What was skipped by it is not presented any
 * more by a client that has heard nothing of it: after its grace it is theft.
 */
export interface RotationState {
  /** The generation of the one token that is current. The first is 0. */
  readonly generation: number;
  /** The generation that was presented last with success, as the current one; -1 before the first. */
  readonly presented: number;
  /** When that one was presented first. */
  readonly presentedAtMilliseconds: number;
  /** The lowest generation superseded in the running bucket. */
  readonly graceFloor: number;
  /** The same for the bucket before; equal to `graceFloor` when that one is too old to matter. */
  readonly previousGraceFloor: number;
  readonly graceBucketStartedAtMilliseconds: number;
}

export interface RotationLimits {
  readonly graceMilliseconds: number;
  /** How long after its first use an answer may be found to be lost; 0: never. */
  readonly recoveryMilliseconds: number;
}

/**
 * - `current`: the family's newest token.
 * - `superseded`: replaced so recently that its owner may not have heard of it.
 * - `unanswered`: the one presented last, once more: its owner has not heard of what replaced it.
 * - `reused`: replaced longer ago, or skipped; two parties hold tokens of this family.
 * - `unissued`: newer than the newest. Only a database restored from a backup forgets generations.
 */
export type Judgement = 'current' | 'superseded' | 'unanswered' | 'reused' | 'unissued';

/** @param generation of a token whose MAC has been verified */
export function judge(
  state: RotationState,
  generation: number,
  nowMilliseconds: number,
  { graceMilliseconds, recoveryMilliseconds }: RotationLimits,
): Judgement {
  if (generation === state.generation) return 'current';
  if (generation > state.generation) return 'unissued';
  const isLastPresented = generation === state.presented;
  const answeredWithCurrent = isLastPresented ? state.generation - 1 : generation;
  if (answeredWithCurrent >= lowestTolerated(state, nowMilliseconds, graceMilliseconds))
    return 'superseded';
  // As with the grace, a clock set back must not stretch it without end.
  const recoverable =
    Math.abs(nowMilliseconds - state.presentedAtMilliseconds) < recoveryMilliseconds;
  return isLastPresented && recoverable ? 'unanswered' : 'reused';
}

/** The state after the current token has been presented. */
export function advance(
  state: RotationState,
  nowMilliseconds: number,
  graceMilliseconds: number,
): RotationState {
  return {
    ...supersede(state, nowMilliseconds, graceMilliseconds),
    presented: state.generation,
    presentedAtMilliseconds: nowMilliseconds,
  };
}

/** The state after the token presented last has been presented again as an unanswered one. */
export function recover(
  state: RotationState,
  nowMilliseconds: number,
  graceMilliseconds: number,
): RotationState {
  return supersede(state, nowMilliseconds, graceMilliseconds);
}

/**
 * Until when a decision of `advance` or `recover` may be carried out. Later, the token that it
 * supersedes would fall outside its bucket and be tolerated for less than the grace.
 */
export function decisionLapsesAtMilliseconds(
  next: RotationState,
  graceMilliseconds: number,
): number {
  return graceMilliseconds === 0
    ? Number.POSITIVE_INFINITY
    : next.graceBucketStartedAtMilliseconds + graceMilliseconds;
}

function supersede(
  state: RotationState,
  nowMilliseconds: number,
  graceMilliseconds: number,
): RotationState {
  const { generation: superseded, graceFloor, graceBucketStartedAtMilliseconds } = state;
  const generation = superseded + 1;
  const ageMilliseconds = nowMilliseconds - graceBucketStartedAtMilliseconds;
  if (ageMilliseconds >= 0 && ageMilliseconds < graceMilliseconds) return { ...state, generation };

  // A negative age means that the clock was set back: what was tolerated stays so, once more.
  const previousTolerated = ageMilliseconds < 2 * graceMilliseconds;
  return {
    ...state,
    generation,
    graceFloor: superseded,
    previousGraceFloor: previousTolerated ? graceFloor : superseded,
    graceBucketStartedAtMilliseconds: nowMilliseconds,
  };
}

function lowestTolerated(
  state: RotationState,
  nowMilliseconds: number,
  graceMilliseconds: number,
): number {
  const ageMilliseconds = nowMilliseconds - state.graceBucketStartedAtMilliseconds;
  // A clock set back by more than the grace ends the tolerance: it must not be stretched.
  if (Math.abs(ageMilliseconds) < graceMilliseconds) return state.previousGraceFloor;
  if (ageMilliseconds > 0 && ageMilliseconds < 2 * graceMilliseconds) return state.graceFloor;
  return state.generation;
}
