import { type TokenSubject, toLiveSession } from './live-session.js';
import type { SessionFamily } from './session-family.js';

/** A live session whose authentic refresh token was presented, and how that token was judged. */
export class PresentedSession {
  /** Private, so that the family's key does not travel further than it must. */
  readonly #family: SessionFamily;

  constructor(
    family: SessionFamily,
    readonly judgement: 'current' | 'superseded',
  ) {
    this.#family = family;
  }

  static familyOf(presented: PresentedSession): SessionFamily {
    return presented.#family;
  }

  get sessionId(): string {
    return this.#family.sessionId;
  }

  get userId(): string {
    return this.#family.userId;
  }

  /** What an access token says of the session. */
  get subject(): TokenSubject {
    return toLiveSession(this.#family);
  }

  /** The family's current generation, whichever token was presented. */
  get generation(): number {
    return this.#family.rotation.generation;
  }
}
