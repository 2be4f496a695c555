import type { Principal } from '../../../access/principal.js';
import { RaisedVersions } from './raised-versions.js';
import {
  isVersion,
  type Objection,
  type RevocationKind,
  type VersionedSubject,
} from './revocation-kind.js';

/**
 * What a session carries has changed: its tokens with a lower claim `sv` are stale. Instances of the
 * version before know nothing of this kind, and accept them until they expire.
 */
export interface SessionVersionRevocation {
  readonly kind: 'session-version';
  readonly sessionId: string;
  readonly version: number;
}

class RaisedSessionVersions extends RaisedVersions<SessionVersionRevocation> {
  protected subjectOf({ sessionId }: SessionVersionRevocation): string {
    return sessionId;
  }

  leastVersion({ sessionId }: VersionedSubject): number {
    return this.versions.get(sessionId) ?? 0;
  }

  objectionTo({ sessionId, sessionVersion }: Principal): Objection {
    const version = this.versions.get(sessionId);
    return version !== undefined && sessionVersion < version ? 'stale' : undefined;
  }
}

export const sessionVersionKind: RevocationKind<SessionVersionRevocation> = {
  write: ({ sessionId, version }) => ({ subject: sessionId, version }),
  read: ({ subject, version }) =>
    isVersion(version) ? { kind: 'session-version', sessionId: subject, version } : null,
  createIndex: () => new RaisedSessionVersions(),
};
