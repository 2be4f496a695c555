import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { LiveRevocations } from '../revocation/live/live-revocations.js';
import type { AuthorizationFacts } from './authorization-facts.js';

const PAUSE_MILLISECONDS = 10_000;

type Versions = Pick<AuthorizationFacts, 'userVersion' | 'rolesVersion'>;

const RAISE_USER = `UPDATE users SET authorization_version = $2
  WHERE id = $1 AND authorization_version < $2`;
const RAISE_ROLES = 'UPDATE role_definitions SET version = $1 WHERE version < $1';

/**
 * A database that was restored under a running service counts versions from where it was: what it
 * says is the truth of now, but tokens with its numbers would be stale to whoever has heard of
 * higher ones. Those are signed instead, and the database is raised to them.
 */
@Injectable()
export class HeardVersions {
  private readonly logger = new Logger('Revocation');
  /** What could not be raised is not tried again with every refresh. */
  private pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly live: LiveRevocations,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  notBelowHeard(facts: AuthorizationFacts): Versions {
    const userVersion = this.live.leastVersion('user-version', facts);
    const rolesVersion = this.live.leastVersion('role-version', facts);
    if (userVersion > facts.userVersion) this.raise(RAISE_USER, [facts.userId, userVersion]);
    if (rolesVersion > facts.rolesVersion) this.raise(RAISE_ROLES, [rolesVersion]);
    return {
      userVersion: Math.max(userVersion, facts.userVersion),
      rolesVersion: Math.max(rolesVersion, facts.rolesVersion),
    };
  }

  /** Not waited for: a sign-in holds the row of its user until it commits. */
  private raise(statement: string, values: unknown[]): void {
    if (this.clock.monotonic() < this.pausedUntil) return;
    this.logger.warn(
      'The database counts versions of authority below what this process has heard of: it was restored, or somebody wrote to Redis. Raising them.',
    );
    this.dataSource.query(statement, values).catch((err: unknown) => {
      this.pausedUntil = this.clock.monotonic() + PAUSE_MILLISECONDS;
      this.logger.warn({ err }, 'A version of authority could not be raised');
    });
  }
}
