import type { Principal } from '../../../access/principal.js';
import type { Objection, RevocationIndex, RevocationKind } from './revocation-kind.js';

/** A session has ended: none of its access tokens is good any more. */
export interface SessionRevocation {
  readonly kind: 'session';
  readonly sessionId: string;
}

class RevokedSessions implements RevocationIndex<SessionRevocation> {
  private readonly sessionIds = new Set<string>();

  get size(): number {
    return this.sessionIds.size;
  }

  covers({ sessionId }: SessionRevocation): boolean {
    return this.sessionIds.has(sessionId);
  }

  add({ sessionId }: SessionRevocation): void {
    this.sessionIds.add(sessionId);
  }

  objectionTo({ sessionId }: Principal): Objection {
    return this.sessionIds.has(sessionId) ? 'revoked' : undefined;
  }
}

export const sessionKind: RevocationKind<SessionRevocation> = {
  write: ({ sessionId }) => ({ subject: sessionId, version: null }),
  read: ({ subject }) => ({ kind: 'session', sessionId: subject }),
  createIndex: () => new RevokedSessions(),
};
