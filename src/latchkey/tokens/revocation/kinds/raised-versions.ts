import type { Principal } from '../../../access/principal.js';
import type { Objection, RevocationIndex, VersionedSubject } from './revocation-kind.js';

/** The highest version that is known of each subject: tokens of a lower one are stale. */
export abstract class RaisedVersions<R extends { readonly version: number }>
  implements RevocationIndex<R>
{
  protected readonly versions = new Map<string, number>();

  get size(): number {
    return this.versions.size;
  }

  covers(revocation: R): boolean {
    return this.versionOf(this.subjectOf(revocation)) >= revocation.version;
  }

  add(revocation: R): void {
    if (!this.covers(revocation)) {
      this.versions.set(this.subjectOf(revocation), revocation.version);
    }
  }

  abstract leastVersion(subject: VersionedSubject): number;

  abstract objectionTo(principal: Principal): Objection;

  protected abstract subjectOf(revocation: R): string;

  private versionOf(subject: string): number {
    return this.versions.get(subject) ?? Number.NEGATIVE_INFINITY;
  }
}
