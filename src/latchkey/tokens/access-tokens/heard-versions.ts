import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Clock } from '../../platform/clock/clock.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { LiveRevocations } from '../revocation/live/live-revocations.js';
import type { VersionKind } from '../revocation/live/revocation-bucket.js';
import type { TokenSubject } from '../sessions/refresh/live-session.js';
import type { AuthorizationFacts } from './access-token-claims.js';
import { KeptVersions } from './kept-versions.js';

const PAUSE_MILLISECONDS = 10_000;

type Versions = Readonly<Record<KeptVersions['keeps'], number>>;

/**
 * A database that was restored under a running service counts versions from where it was. What it
 * says of roles and permissions is true now, but every instance that has heard of higher versions
 * would refuse tokens with its numbers as stale. The higher ones are signed instead, and the database
 * is raised to them.
 */
@Injectable()
export class HeardVersions implements OnModuleInit {
  private readonly logger = new Logger('Revocation');
  private kept: readonly KeptVersions[] = [];
  /** What could not be raised is not tried again with every refresh. */
  private pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly live: LiveRevocations,
    private readonly discovery: DiscoveryService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.kept = findProvided(this.discovery, KeptVersions);
  }

  notBelowHeard(session: TokenSubject, facts: AuthorizationFacts): Versions {
    const { userId, roles, withheld } = facts;
    const subject = { sessionId: session.id, userId, roles, withheld };
    const heard = (kind: VersionKind) => this.live.leastVersion(kind, subject);
    const known = { ...facts, sessionVersion: session.version };
    const versions = {
      sessionVersion: Math.max(heard('session-version'), known.sessionVersion),
      userVersion: Math.max(heard('user-version'), known.userVersion),
      rolesVersion: Math.max(heard('role-version'), known.rolesVersion),
    };
    const behind = this.kept.filter(({ keeps }) => versions[keeps] > known[keeps]);
    if (behind.length > 0) this.raise(behind, versions, subject);
    return versions;
  }

  /** Not waited for: a sign-in holds the row of its user until it commits. */
  private raise(
    behind: readonly KeptVersions[],
    versions: Versions,
    { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
  ): void {
    if (this.clock.monotonic() < this.pausedUntil) return;
    this.logger.warn(
      'The database counts versions of authority below what this process has heard of: it was restored, or somebody wrote to Redis. Raising them.',
    );
    const raised = behind.map((table) =>
      table.raiseTo(versions[table.keeps], table.keeps === 'sessionVersion' ? sessionId : userId),
    );
    Promise.all(raised).catch((err: unknown) => {
      this.pausedUntil = this.clock.monotonic() + PAUSE_MILLISECONDS;
      this.logger.warn({ err }, 'A version of authority could not be raised');
    });
  }
}
