import type { Principal } from '../../../access/principal.js';
import { RaisedVersions } from './raised-versions.js';
import {
  isVersion,
  type Objection,
  type RevocationKind,
  type VersionedSubject,
} from './revocation-kind.js';

/**
 * What a role permits or demands has changed: tokens that name it, also as withheld, with a lower claim
 * `rv` are stale.
 */
export interface RoleVersionRevocation {
  readonly kind: 'role-version';
  readonly role: string;
  readonly version: number;
}

class RaisedRoleVersions extends RaisedVersions<RoleVersionRevocation> {
  protected subjectOf({ role }: RoleVersionRevocation): string {
    return role;
  }

  leastVersion({ roles, withheld }: VersionedSubject): number {
    return Math.max(0, ...[...roles, ...withheld].map((role) => this.versions.get(role) ?? 0));
  }

  objectionTo({ roles, withheld, rolesVersion }: Principal): Objection {
    if (this.versions.size === 0) return undefined;
    const outdated = this.names(roles, rolesVersion) || this.names(withheld, rolesVersion);
    return outdated ? 'stale' : undefined;
  }

  private names(roles: readonly string[], rolesVersion: number): boolean {
    for (const role of roles) {
      const version = this.versions.get(role);
      if (version !== undefined && rolesVersion < version) return true;
    }
    return false;
  }
}

export const roleVersionKind: RevocationKind<RoleVersionRevocation> = {
  write: ({ role, version }) => ({ subject: role, version }),
  read: ({ subject, version }) =>
    isVersion(version) ? { kind: 'role-version', role: subject, version } : null,
  createIndex: () => new RaisedRoleVersions(),
};
