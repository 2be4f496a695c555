import { ageBetween, type MovableClock, type Span } from './span.js';

/** How a refresh ends. */
export type Outcome = 'granted' | 'reused' | 'revoked' | 'expired';

export interface Limits {
  readonly graceMs: number;
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/**
 * What a family of refresh tokens must do, said in the plainest way: it remembers every token and
 * when each was superseded. Unlike the service it knows no buckets, no rows and no concurrency.
 */
export class FamilyModel {
  /** Every token issued, by generation. */
  readonly tokens: string[];
  private readonly supersededAt: Span[] = [];
  private rotatedAt: Span;
  /** What every token gets once the session is over; more than one where time cannot tell. */
  private over: readonly Outcome[] | null = null;
  thefts = 0;

  constructor(
    private readonly limits: Limits,
    readonly clock: MovableClock,
    firstToken: string,
    private readonly startedAt: Span,
  ) {
    this.tokens = [firstToken];
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

  /** How presenting a token of this generation may end at a moment within `span`. */
  permitted(generation: number, span: Span): readonly Outcome[] {
    if (this.over !== null) return this.over;
    const expiry = this.expiry(span);
    if (expiry === 'past') return ['expired'];
    const alive = this.whileAlive(generation, span);
    return expiry === 'now' ? [...alive, 'expired'] : alive;
  }

  /** A refresh with the current token has been granted. */
  rotated(nextToken: string, span: Span): void {
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
    const supersededAt = this.supersededAt[generation];
    if (supersededAt === undefined) return ['granted'];
    const { atLeast, atMost } = ageBetween(supersededAt, span);
    if (atMost < this.limits.graceMs) return ['granted'];
    if (atLeast >= 3 * this.limits.graceMs) return ['reused'];
    return ['granted', 'reused'];
  }

  private expiry(span: Span): 'ahead' | 'now' | 'past' {
    const idle = ageBetween(this.rotatedAt, span);
    const whole = ageBetween(this.startedAt, span);
    const { idleMs, absoluteMs } = this.limits;
    if (idle.atLeast >= idleMs || whole.atLeast >= absoluteMs) return 'past';
    return idle.atMost < idleMs && whole.atMost < absoluteMs ? 'ahead' : 'now';
  }
}
