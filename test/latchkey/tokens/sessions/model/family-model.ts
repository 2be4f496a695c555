import { ageBetween, type MovableClock, type Span } from './span.js';

/** How a refresh ends; `recovered` is granted, with a token that was not current before. */
export type Outcome = 'granted' | 'recovered' | 'reused' | 'revoked' | 'expired';

export interface Limits {
  readonly graceMilliseconds: number;
  readonly recoveryMilliseconds: number;
  readonly idleMilliseconds: number;
  readonly absoluteMilliseconds: number;
}

/**
 * What a family of refresh tokens must do, said in the plainest way: it remembers every token and
 * when each was superseded. Unlike the service it knows no buckets, no rows and no concurrency.
 */
export class FamilyModel {
  /** Every token issued, by generation. */
  readonly tokens: string[];
  private readonly supersededAt: Span[] = [];
  /** The generation that was presented last as the current one; -1 before the first. */
  presentedGeneration = -1;
  private presentedAt: Span;
  /** When a new token was last given. */
  private rotatedAt: Span;
  /** What every token gets once the session is over; more than one where time cannot tell. */
  private over: readonly Outcome[] | null = null;
  thefts = 0;
  recoveries = 0;

  constructor(
    private readonly limits: Limits,
    readonly clock: MovableClock,
    firstToken: string,
    private readonly startedAt: Span,
  ) {
    this.tokens = [firstToken];
    this.presentedAt = startedAt;
    this.rotatedAt = startedAt;
  }

  get currentGeneration(): number {
    return this.tokens.length - 1;
  }

  get isOver(): boolean {
    return this.over !== null;
  }

  /** The generation of the token issued `back` tokens before the newest. */
  generationBack(back: number): number {
    return this.currentGeneration - (back % this.tokens.length);
  }

  /**
   * How presenting a token of this generation may end at a moment within `span`.
   *
   * @param overtaken whether somebody may present the current token before it within the same span
   */
  permitted(generation: number, span: Span, overtaken = false): readonly Outcome[] {
    if (this.over !== null) return this.over;
    const expiry = this.expiry(span);
    if (expiry === 'past') return ['expired'];
    const alive = [...this.whileAlive(generation, span)];
    if (overtaken) alive.push(...this.longSuperseded(generation, span));
    return expiry === 'now' ? [...alive, 'expired'] : alive;
  }

  /** A new token has been granted, to whoever presented this generation. */
  rotated(nextToken: string, span: Span, presentedGeneration: number): void {
    if (presentedGeneration === this.currentGeneration) this.presentedAt = span;
    else this.recoveries += 1;
    this.presentedGeneration = presentedGeneration;
    this.supersededAt.push(span);
    this.tokens.push(nextToken);
    this.rotatedAt = span;
  }

  stolen(): void {
    this.thefts += 1;
    this.over = ['revoked'];
  }

  /** Somebody has ended the session, if it was not over by itself. */
  ended(span: Span): void {
    if (this.over !== null) return;
    const expiry = this.expiry(span);
    if (expiry === 'past') return;
    this.over = expiry === 'now' ? ['revoked', 'expired'] : ['revoked'];
  }

  private whileAlive(generation: number, span: Span): readonly Outcome[] {
    if (generation === this.currentGeneration) return ['granted'];
    if (generation !== this.presentedGeneration) return this.longSuperseded(generation, span);
    return this.withinTolerance(this.rotatedAt, span, this.unanswered(span));
  }

  private longSuperseded(generation: number, span: Span): readonly Outcome[] {
    const supersededAt = this.supersededAt[generation];
    if (supersededAt === undefined) return ['granted'];
    return this.withinTolerance(supersededAt, span, ['reused']);
  }

  /** What becomes of the token presented last, beyond the grace. */
  private unanswered(span: Span): readonly Outcome[] {
    const { atLeast, atMost } = ageBetween(this.presentedAt, span);
    if (atMost < this.limits.recoveryMilliseconds) return ['recovered'];
    return atLeast >= this.limits.recoveryMilliseconds ? ['reused'] : ['recovered', 'reused'];
  }

  private withinTolerance(since: Span, span: Span, beyond: readonly Outcome[]): readonly Outcome[] {
    const { atLeast, atMost } = ageBetween(since, span);
    if (atMost < this.limits.graceMilliseconds) return ['granted'];
    return atLeast >= 3 * this.limits.graceMilliseconds ? beyond : ['granted', ...beyond];
  }

  private expiry(span: Span): 'ahead' | 'now' | 'past' {
    const idle = ageBetween(this.rotatedAt, span);
    const whole = ageBetween(this.startedAt, span);
    const { idleMilliseconds, absoluteMilliseconds } = this.limits;
    if (idle.atLeast >= idleMilliseconds || whole.atLeast >= absoluteMilliseconds) return 'past';
    return idle.atMost < idleMilliseconds && whole.atMost < absoluteMilliseconds ? 'ahead' : 'now';
  }
}
