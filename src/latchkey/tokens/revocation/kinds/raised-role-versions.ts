import type { Principal } from '../../../access/principal.js';
import {
  isVersion,
  type Objection,
  type RevocationIndex,
  type RevocationKind,
  type VersionedSubject,
} from './revocation-kind.js';

/** What a role permits has changed: tokens that name it with a lower claim `rv` are stale. */
export interface RoleVersionRevocation {
  readonly kind: 'role-version';
  readonly role: string;
  readonly version: number;
}

class RaisedRoleVersions implements RevocationIndex<RoleVersionRevocation> {
  private readonly versions = new Map<string, number>();

  get size(): number {
    return this.versions.size;
  }

  covers({ role, version }: RoleVersionRevocation): boolean {
    return (this.versions.get(role) ?? Number.NEGATIVE_INFINITY) >= version;
  }

  add(revocation: RoleVersionRevocation): void {
    if (!this.covers(revocation)) this.versions.set(revocation.role, revocation.version);
  }

  leastVersion({ roles }: VersionedSubject): number {
    return Math.max(0, ...roles.map((role) => this.versions.get(role) ?? 0));
  }

  objectionTo({ roles, rolesVersion }: Principal): Objection {
    if (this.versions.size === 0) return undefined;
    for (const role of roles) {
      const version = this.versions.get(role);
      if (version !== undefined && rolesVersion < version) return 'stale';
    }
    return undefined;
  }
}

export const roleVersionKind: RevocationKind<RoleVersionRevocation> = {
  write: ({ role, version }) => ({ subject: role, version }),
  read: ({ subject, version }) =>
    isVersion(version) ? { kind: 'role-version', role: subject, version } : null,
  createIndex: () => new RaisedRoleVersions(),
};
