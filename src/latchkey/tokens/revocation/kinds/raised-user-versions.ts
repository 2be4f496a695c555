import type { Principal } from '../../../access/principal.js';
import { RaisedVersions } from './raised-versions.js';
import {
  isVersion,
  type Objection,
  type RevocationKind,
  type VersionedSubject,
} from './revocation-kind.js';

/** What a user may do has changed: tokens of the user with a lower claim `uv` are stale. */
export interface UserVersionRevocation {
  readonly kind: 'user-version';
  readonly userId: string;
  readonly version: number;
}

class RaisedUserVersions extends RaisedVersions<UserVersionRevocation> {
  protected subjectOf({ userId }: UserVersionRevocation): string {
    return userId;
  }

  leastVersion({ userId }: VersionedSubject): number {
    return this.versions.get(userId) ?? 0;
  }

  objectionTo({ userId, userVersion }: Principal): Objection {
    const version = this.versions.get(userId);
    return version !== undefined && userVersion < version ? 'stale' : undefined;
  }
}

export const userVersionKind: RevocationKind<UserVersionRevocation> = {
  write: ({ userId, version }) => ({ subject: userId, version }),
  read: ({ subject, version }) =>
    isVersion(version) ? { kind: 'user-version', userId: subject, version } : null,
  createIndex: () => new RaisedUserVersions(),
};
