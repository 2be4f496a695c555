/** Ids between two that were read, exclusive: not committed yet, rolled back or deleted. */
export interface IdGap {
  readonly after: number;
  readonly before: number;
}

interface SeenGap extends IdGap {
  readonly seenAt: number;
}

/** A transaction has this long from taking an id to its commit; far longer than one may last. */
export const COMMIT_MILLISECONDS = 60_000;

/**
 * How far a reader has come in the log. Transactions commit in another order than they take
 * ids, so that an id can appear below one that has been read: what is missing is remembered and
 * asked for again, until it is too late for it to appear.
 */
export class LogPosition {
  private highest = 0;
  private seenGaps: SeenGap[] = [];

  get highestId(): number {
    return this.highest;
  }

  get gaps(): readonly IdGap[] {
    return this.seenGaps;
  }

  /**
   * Rows above the highest id have been read.
   *
   * @param ids ascending
   * @param askedAt when the reading began, by the monotonic clock, in milliseconds
   */
  advance(ids: readonly number[], askedAt: number): void {
    this.seenGaps.push(...missing(this.highest, ids, askedAt));
    this.highest = ids.at(-1) ?? this.highest;
  }

  /** Nothing counts as read any more. */
  reset(): void {
    this.highest = 0;
    this.seenGaps = [];
  }

  /**
   * The gaps have been read, and this was in them.
   *
   * @param ids ascending
   * @param askedAt when the reading began, by the monotonic clock, in milliseconds
   */
  settle(ids: readonly number[], askedAt: number): void {
    this.seenGaps = this.seenGaps
      .filter(({ seenAt }) => askedAt - seenAt <= COMMIT_MILLISECONDS)
      .flatMap((gap) => split(gap, ids));
  }
}

function split(gap: SeenGap, ids: readonly number[]): SeenGap[] {
  const inside = ids.filter((id) => id > gap.after && id < gap.before);
  if (inside.length === 0) return [gap];
  return missing(gap.after, [...inside, gap.before], gap.seenAt);
}

function missing(after: number, ids: readonly number[], seenAt: number): SeenGap[] {
  const gaps: SeenGap[] = [];
  let previous = after;
  for (const id of ids) {
    if (id > previous + 1) gaps.push({ after: previous, before: id, seenAt });
    previous = id;
  }
  return gaps;
}
