import type { Principal } from '../../../access/principal.js';
import {
  isVersion,
  type Objection,
  type RevocationIndex,
  type RevocationKind,
  type VersionedSubject,
} from './revocation-kind.js';

/** What a user may do has changed: tokens of the user with a lower claim `uv` are stale. */
export interface UserVersionRevocation {
  readonly kind: 'user-version';
  readonly userId: string;
  readonly version: number;
}

class RaisedUserVersions implements RevocationIndex<UserVersionRevocation> {
  private readonly versions = new Map<string, number>();

  get size(): number {
    return this.versions.size;
  }

  covers({ userId, version }: UserVersionRevocation): boolean {
    return (this.versions.get(userId) ?? Number.NEGATIVE_INFINITY) >= version;
  }

  add(revocation: UserVersionRevocation): void {
    if (!this.covers(revocation)) this.versions.set(revocation.userId, revocation.version);
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
