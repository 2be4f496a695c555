import type { CompletedPass } from './revocation-passes.js';

/** An instance that passes seldom notices late what only it knows to be lost. */
const MOST_LEFT_TO_OTHERS = 10;

/**
 * Whether this instance has to make a pass, or another one does: the pass of any proves for all.
 * The last one that completed a pass goes on. Of the others, one takes over when it asks twice and
 * nothing was completed in between; no clock but that of its own turns is needed.
 */
export class PassTurns {
  private lastId: string | null = null;
  /** A pass was begun and has not been completed: only this instance may know what is missing. */
  private owed = true;
  private left = 0;

  /** Whether this instance passes whatever the others do. */
  get due(): boolean {
    return this.owed || this.left >= MOST_LEFT_TO_OTHERS;
  }

  began(): void {
    this.owed = true;
  }

  completed(id: string): void {
    this.owed = false;
    this.left = 0;
    this.lastId = id;
  }

  /**
   * @param newest the last completed pass of any instance
   * @param epoch under which the stream is complete as far as this instance knows
   * @returns whether another instance has completed one since this was asked
   */
  leaveTo(newest: CompletedPass | null, epoch: number | null): boolean {
    if (newest === null || newest.epoch !== epoch || newest.id === this.lastId) return false;
    this.lastId = newest.id;
    this.left++;
    return true;
  }
}
