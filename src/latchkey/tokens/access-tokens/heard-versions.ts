import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Clock } from '../../platform/clock/clock.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { LiveRevocations } from '../revocation/live/live-revocations.js';
import type { AuthorizationFacts } from './access-token-claims.js';
import { KeptVersions } from './kept-versions.js';

const PAUSE_MILLISECONDS = 10_000;

type Versions = Pick<AuthorizationFacts, 'userVersion' | 'rolesVersion'>;

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

  notBelowHeard(facts: AuthorizationFacts): Versions {
    const userVersion = this.live.leastVersion('user-version', facts);
    const rolesVersion = this.live.leastVersion('role-version', facts);
    const versions = {
      userVersion: Math.max(userVersion, facts.userVersion),
      rolesVersion: Math.max(rolesVersion, facts.rolesVersion),
    };
    const behind = this.kept.filter(({ keeps }) => versions[keeps] > facts[keeps]);
    if (behind.length > 0) this.raise(behind, versions, facts.userId);
    return versions;
  }

  /** Not waited for: a sign-in holds the row of its user until it commits. */
  private raise(behind: readonly KeptVersions[], versions: Versions, accountId: string): void {
    if (this.clock.monotonic() < this.pausedUntil) return;
    this.logger.warn(
      'The database counts versions of authority below what this process has heard of: it was restored, or somebody wrote to Redis. Raising them.',
    );
    const raised = behind.map((table) => table.raiseTo(versions[table.keeps], accountId));
    Promise.all(raised).catch((err: unknown) => {
      this.pausedUntil = this.clock.monotonic() + PAUSE_MILLISECONDS;
      this.logger.warn({ err }, 'A version of authority could not be raised');
    });
  }
}
