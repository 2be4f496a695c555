import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
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
 * What dates a token, where this process has heard of a later version of authority than what it has just read. Then one
 * of two things has happened.
 *
 * - **It was changed meanwhile**: between the reading and now. The token says what was read, with the version
 *   that was read, and is refused as stale everywhere: the client refreshes. With the later version it would pass for
 *   what it no longer says.
 * - **The database was restored** under a running service, and counts versions from where it was. What it says of roles and
 *   permissions is true now, but every instance would refuse tokens with its numbers as stale. The higher ones
 *   are signed instead, and the database is raised to them.
 *
 * The database itself tells them apart, by what it says after the later version has been heard of.
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

  /** @param manager of the transaction that the facts were read in, if they were read in one */
  async datesOf(
    session: TokenSubject,
    facts: AuthorizationFacts,
    manager: EntityManager,
  ): Promise<Versions> {
    const { userId, roles, withheld } = facts;
    const subject = { sessionId: session.id, userId, roles, withheld };
    const heard = (kind: VersionKind) => this.live.leastVersion(kind, subject);
    const read = {
      sessionVersion: session.version,
      userVersion: facts.userVersion,
      rolesVersion: facts.rolesVersion,
    };
    const later = {
      sessionVersion: heard('session-version'),
      userVersion: heard('user-version'),
      rolesVersion: heard('role-version'),
    };
    const behind: KeptVersions[] = [];
    for (const table of this.kept.filter(({ keeps }) => later[keeps] > read[keeps])) {
      const now = await table.read(manager, idIn(table, subject));
      if (now !== null && now < later[table.keeps]) behind.push(table);
    }
    if (behind.length === 0) return read;
    this.raise(behind, later, subject);
    return { ...read, ...Object.fromEntries(behind.map(({ keeps }) => [keeps, later[keeps]])) };
  }

  /** Not waited for: a sign-in holds the row of its user until it commits. */
  private raise(
    behind: readonly KeptVersions[],
    versions: Versions,
    subject: { readonly userId: string; readonly sessionId: string },
  ): void {
    if (this.clock.monotonic() < this.pausedUntil) return;
    this.logger.warn(
      'The database counts versions of authority below what this process has heard of: it was restored, or somebody wrote to Redis. Raising them.',
    );
    const raised = behind.map((table) =>
      table.raiseTo(versions[table.keeps], idIn(table, subject)),
    );
    Promise.all(raised).catch((err: unknown) => {
      this.pausedUntil = this.clock.monotonic() + PAUSE_MILLISECONDS;
      this.logger.warn({ err }, 'A version of authority could not be raised');
    });
  }
}

function idIn(
  { keeps }: KeptVersions,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
): string {
  return keeps === 'sessionVersion' ? sessionId : userId;
}
