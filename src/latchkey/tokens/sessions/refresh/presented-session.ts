import type { SessionFamily } from '../store/session-family.js';
import { type TokenSubject, toLiveSession } from './live-session.js';
import type { Judgement } from './rotation-rule.js';

/** How a token was judged that its session goes on with. */
export type GoodJudgement = Extract<Judgement, 'current' | 'superseded' | 'unanswered'>;

/** A live session whose authentic refresh token was presented, and how that token was judged. */
export class PresentedSession<T> {
  /** Private, so that the family's key does not travel further than it must. */
  readonly #family: SessionFamily;

  /**
   * @param generation of the token that was presented
   * @param alongside what was read in the same statement
   */
  constructor(
    family: SessionFamily,
    readonly generation: number,
    readonly judgement: GoodJudgement,
    readonly alongside: T,
  ) {
    this.#family = family;
  }

  static familyOf(presented: PresentedSession<unknown>): SessionFamily {
    return presented.#family;
  }

  get sessionId(): string {
    return this.#family.sessionId;
  }

  /** What an access token says of the session. */
  get subject(): TokenSubject {
    return toLiveSession(this.#family);
  }
}
