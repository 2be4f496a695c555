import type { Principal } from '../../../access/principal.js';
import { RaisedVersions } from './raised-versions.js';
import {
  isVersion,
  type Objection,
  type RevocationKind,
  type VersionedSubject,
} from './revocation-kind.js';

/** What a role permits has changed: tokens that name it with a lower claim `rv` are stale. */
export interface RoleVersionRevocation {
  readonly kind: 'role-version';
  readonly role: string;
  readonly version: number;
}

class RaisedRoleVersions extends RaisedVersions<RoleVersionRevocation> {
  protected subjectOf({ role }: RoleVersionRevocation): string {
    return role;
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
