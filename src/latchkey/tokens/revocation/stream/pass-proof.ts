import type { StreamMessage } from './revocation-stream.js';
import { STREAM_START } from './stream-id.js';

/** Passes that began and were never completed are forgotten beyond this. */
const REMEMBERED = 1_000;

/**
 * Whether a backend has proven, since the last gap, that everything which was committed by then is
 * in the stream of revocations: by a pass that both began and was completed after the gap. See
 * docs/adr/0019-reopening-by-proof.md.
 */
export class PassProof {
  private positionId = STREAM_START;
  /** Whether what was there before the gap's end has been read: nothing of it proves anything. */
  private pastRead = false;
  /** By its name, since when a pass can have begun, by the monotonic clock. */
  private readonly begun = new Map<string, number>();
  private latest = Number.NEGATIVE_INFINITY;
  private previouslyAskedAt = Number.NEGATIVE_INFINITY;

  /** The id of the last message of a pass that was read. */
  get position(): string {
    return this.positionId;
  }

  /** By the monotonic clock; what was committed until then is in the stream. */
  get provenUntil(): number {
    return this.latest;
  }

  get proven(): boolean {
    return this.latest > Number.NEGATIVE_INFINITY;
  }

  /** Something may have been missed: nothing counts any more that was said so far. */
  gap(): void {
    this.positionId = STREAM_START;
    this.pastRead = false;
    this.begun.clear();
    this.latest = Number.NEGATIVE_INFINITY;
  }

  /**
   * Takes an answer of the stream of passes, to a question for what came after `position`.
   *
   * @param askedAt by the monotonic clock
   * @param full whether there may be more
   */
  take(passes: readonly StreamMessage[], askedAt: number, full: boolean): void {
    // What is new in this answer was not there when the answer before was given.
    for (const message of passes) this.takeOne(message, this.previouslyAskedAt);
    this.previouslyAskedAt = askedAt;
    if (!full) this.pastRead = true;
  }

  private takeOne([id, fields]: StreamMessage, since: number): void {
    this.positionId = id;
    if (!this.pastRead) return;
    const [step, pass = ''] = fields ?? [];
    if (step === 'begun') this.remember(pass, since);
    if (step !== 'complete') return;
    this.latest = Math.max(this.latest, this.begun.get(pass) ?? Number.NEGATIVE_INFINITY);
    this.begun.delete(pass);
  }

  private remember(pass: string, since: number): void {
    this.begun.set(pass, since);
    const [oldest] = this.begun.keys();
    if (this.begun.size > REMEMBERED && oldest !== undefined) this.begun.delete(oldest);
  }
}
